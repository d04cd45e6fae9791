import { acknowledgeExpired } from "./acknowledge/expired.ts";
import { acknowledgeNoLongerApplies } from "./acknowledge/no-longer-applies.ts";
import { acknowledgeNotAWarning } from "./acknowledge/not-a-warning.ts";
import { acknowledgeUnknownRule } from "./acknowledge/unknown-rule.ts";
import { acknowledgeWrongFile } from "./acknowledge/wrong-file.ts";
import { artifactMissing } from "./artifact/missing.ts";
import { artifactWrongHash } from "./artifact/wrong-hash.ts";
import { artifactWrongSize } from "./artifact/wrong-size.ts";
import { channelBehindSource } from "./channel/behind-source.ts";
import { channelBelowMinimum } from "./channel/below-minimum.ts";
import { channelCanaryTooLarge } from "./channel/canary-too-large.ts";
import { channelCircularPromotion } from "./channel/circular-promotion.ts";
import { channelDeferredAsSilent } from "./channel/deferred-as-silent.ts";
import { channelEmptyCanary } from "./channel/empty-canary.ts";
import { channelGateCheckUnclear } from "./channel/gate-check-unclear.ts";
import { channelGateOutOfRange } from "./channel/gate-out-of-range.ts";
import { channelGateUndecided } from "./channel/gate-undecided.ts";
import { channelGateUnreachable } from "./channel/gate-unreachable.ts";
import { channelHaltedAndResumed } from "./channel/halted-and-resumed.ts";
import { channelHaltsOtherVersion } from "./channel/halts-other-version.ts";
import { channelLinearByHand } from "./channel/linear-by-hand.ts";
import { channelLoweredWithoutRollback } from "./channel/lowered-without-rollback.ts";
import { channelOpenedWithoutAdvance } from "./channel/opened-without-advance.ts";
import { channelOpensOtherVersion } from "./channel/opens-other-version.ts";
import { channelOpensTooManyWaves } from "./channel/opens-too-many-waves.ts";
import { channelPlatformBelowMinimum } from "./channel/platform-below-minimum.ts";
import { channelPointsToDeadEnd } from "./channel/points-to-dead-end.ts";
import { channelPromotesUnpromotable } from "./channel/promotes-unpromotable.ts";
import { channelPromotesYanked } from "./channel/promotes-yanked.ts";
import { channelRemoved } from "./channel/removed.ts";
import { channelResumedAhead } from "./channel/resumed-ahead.ts";
import { channelResumesOtherVersion } from "./channel/resumes-other-version.ts";
import { channelRollbackNotDown } from "./channel/rollback-not-down.ts";
import { channelRollbackNotSigned } from "./channel/rollback-not-signed.ts";
import { channelStale } from "./channel/stale.ts";
import { channelStartsFarAhead } from "./channel/starts-far-ahead.ts";
import { channelStartsInThePast } from "./channel/starts-in-the-past.ts";
import { channelUnknownCanaryGroup } from "./channel/unknown-canary-group.ts";
import { channelUnknownRelease } from "./channel/unknown-release.ts";
import { channelUnknownRollbackVersion } from "./channel/unknown-rollback-version.ts";
import { channelUnknownSource } from "./channel/unknown-source.ts";
import { channelUnknownVia } from "./channel/unknown-via.ts";
import { channelViaLeadsNowhere } from "./channel/via-leads-nowhere.ts";
import { channelWaveTooSmall } from "./channel/wave-too-small.ts";
import { channelWavesIncomplete } from "./channel/waves-incomplete.ts";
import { channelWavesNotAscending } from "./channel/waves-not-ascending.ts";
import { channelYankedForPlatform } from "./channel/yanked-for-platform.ts";
import { channelYankedRelease } from "./channel/yanked-release.ts";
import { expectationForbidden } from "./expectation/forbidden.ts";
import { expectationForbiddenTime } from "./expectation/forbidden-time.ts";
import { expectationLooksAtNobody } from "./expectation/looks-at-nobody.ts";
import { expectationNotMet } from "./expectation/not-met.ts";
import { expectationOver } from "./expectation/over.ts";
import { expectationTooManyAtOnce } from "./expectation/too-many-at-once.ts";
import { expectationUnclear } from "./expectation/unclear.ts";
import { expectationUnknownScope } from "./expectation/unknown-scope.ts";
import { fileBadName } from "./file/bad-name.ts";
import { fileByteOrderMark } from "./file/byte-order-mark.ts";
import { fileCarriageReturn } from "./file/carriage-return.ts";
import { fileConflictMarker } from "./file/conflict-marker.ts";
import { fileControlCharacter } from "./file/control-character.ts";
import { fileEmpty } from "./file/empty.ts";
import { fileMisplaced } from "./file/misplaced.ts";
import { fileMissing } from "./file/missing.ts";
import { fileNotUtf8 } from "./file/not-utf8.ts";
import { filePrivateKey } from "./file/private-key.ts";
import { fileSubmodule } from "./file/submodule.ts";
import { fileSymlink } from "./file/symlink.ts";
import { fileTooLarge } from "./file/too-large.ts";
import { fileTooMany } from "./file/too-many.ts";
import { fileUnreferenced } from "./file/unreferenced.ts";
import { fleetCheckIntervalRaised } from "./fleet/check-interval-raised.ts";
import { fleetCheckIntervalTooLong } from "./fleet/check-interval-too-long.ts";
import { fleetHoldsEverybody } from "./fleet/holds-everybody.ts";
import { fleetRemovedExists } from "./fleet/removed-exists.ts";
import { fleetUnknownChannel } from "./fleet/unknown-channel.ts";
import { freezeBackwards } from "./freeze/backwards.ts";
import { freezeOver } from "./freeze/over.ts";
import { freezeTooLong } from "./freeze/too-long.ts";
import { pauseOver } from "./pause/over.ts";
import { pauseTooLong } from "./pause/too-long.ts";
import { productMissingDefaultChannel } from "./product/missing-default-channel.ts";
import { productRemoved } from "./product/removed.ts";
import type { Rule } from "./rule.ts";
import { schemaBadName } from "./schema/bad-name.ts";
import { schemaDuplicateItem } from "./schema/duplicate-item.ts";
import { schemaMissingKey } from "./schema/missing-key.ts";
import { schemaNewerVersion } from "./schema/newer-version.ts";
import { schemaOutOfRange } from "./schema/out-of-range.ts";
import { schemaUnknownKey } from "./schema/unknown-key.ts";
import { schemaUnquotedVersion } from "./schema/unquoted-version.ts";
import { schemaWrongChoice } from "./schema/wrong-choice.ts";
import { schemaWrongType } from "./schema/wrong-type.ts";
import { securityHeldByFreeze } from "./security/held-by-freeze.ts";
import { securityHeldByPause } from "./security/held-by-pause.ts";
import { securityHeldByPin } from "./security/held-by-pin.ts";
import { securityHeldByWindow } from "./security/held-by-window.ts";
import { tenantBadMatch } from "./tenant/bad-match.ts";
import { tenantDuplicateDevice } from "./tenant/duplicate-device.ts";
import { tenantExpiredPin } from "./tenant/expired-pin.ts";
import { tenantFormerNameExists } from "./tenant/former-name-exists.ts";
import { tenantFormerNameShared } from "./tenant/former-name-shared.ts";
import { tenantOwnerlessPin } from "./tenant/ownerless-pin.ts";
import { tenantPinBelowMinimum } from "./tenant/pin-below-minimum.ts";
import { tenantPinMoved } from "./tenant/pin-moved.ts";
import { tenantPinYankedForPlatform } from "./tenant/pin-yanked-for-platform.ts";
import { tenantPinnedToDeadEnd } from "./tenant/pinned-to-dead-end.ts";
import { tenantPinsYanked } from "./tenant/pins-yanked.ts";
import { tenantRemoved } from "./tenant/removed.ts";
import { tenantScopeRemoved } from "./tenant/scope-removed.ts";
import { tenantUnknownChannel } from "./tenant/unknown-channel.ts";
import { tenantUnknownPinnedRelease } from "./tenant/unknown-pinned-release.ts";
import { tenantUnknownProduct } from "./tenant/unknown-product.ts";
import { tenantYankedPin } from "./tenant/yanked-pin.ts";
import { trustBadDelegation } from "./trust/bad-delegation.ts";
import { trustExpired } from "./trust/expired.ts";
import { trustIndexDiffers } from "./trust/index-differs.ts";
import { trustIndexMissing } from "./trust/index-missing.ts";
import { trustIndexOutdated } from "./trust/index-outdated.ts";
import { trustNearExpiry } from "./trust/near-expiry.ts";
import { trustNotSigned } from "./trust/not-signed.ts";
import { trustRootChainBroken } from "./trust/root-chain-broken.ts";
import { valueBadByteSize } from "./value/bad-byte-size.ts";
import { valueBadClockTime } from "./value/bad-clock-time.ts";
import { valueBadDate } from "./value/bad-date.ts";
import { valueBadDuration } from "./value/bad-duration.ts";
import { valueBadPercent } from "./value/bad-percent.ts";
import { valueBadRange } from "./value/bad-range.ts";
import { valueBadSha256 } from "./value/bad-sha256.ts";
import { valueBadTimeZone } from "./value/bad-time-zone.ts";
import { valueBadVersion } from "./value/bad-version.ts";
import { valueBadWeekday } from "./value/bad-weekday.ts";
import { valueShareWithoutSign } from "./value/share-without-sign.ts";
import { versionBadUrl } from "./version/bad-url.ts";
import { versionBarrierAtDeadEnd } from "./version/barrier-at-dead-end.ts";
import { versionBarrierLacksPlatform } from "./version/barrier-lacks-platform.ts";
import { versionChangedAfterPublish } from "./version/changed-after-publish.ts";
import { versionDuplicatePlatform } from "./version/duplicate-platform.ts";
import { versionImpossibleRequires } from "./version/impossible-requires.ts";
import { versionPlatformLost } from "./version/platform-lost.ts";
import { versionReactivatedWithoutReason } from "./version/reactivated-without-reason.ts";
import { versionRemoved } from "./version/removed.ts";
import { versionRequiresMore } from "./version/requires-more.ts";
import { versionSameAsOther } from "./version/same-as-other.ts";
import { versionStrandsVersions } from "./version/strands-versions.ts";
import { versionWrongFileName } from "./version/wrong-file-name.ts";
import { versionYankedBarrier } from "./version/yanked-barrier.ts";
import { versionYankedPiecewise } from "./version/yanked-piecewise.ts";
import { versionYankedWithoutReason } from "./version/yanked-without-reason.ts";
import { windowNeverOpen } from "./window/never-open.ts";
import { windowOverlapping } from "./window/overlapping.ts";
import { yamlAlias } from "./yaml/alias.ts";
import { yamlComplexKey } from "./yaml/complex-key.ts";
import { yamlCustomTag } from "./yaml/custom-tag.ts";
import { yamlDuplicateKey } from "./yaml/duplicate-key.ts";
import { yamlHiddenCharacter } from "./yaml/hidden-character.ts";
import { yamlKeyNotText } from "./yaml/key-not-text.ts";
import { yamlMergeKey } from "./yaml/merge-key.ts";
import { yamlMultipleDocuments } from "./yaml/multiple-documents.ts";
import { yamlSyntax } from "./yaml/syntax.ts";
import { yamlTab } from "./yaml/tab.ts";
import { yamlTooDeep } from "./yaml/too-deep.ts";
import { yamlTooManyKeys } from "./yaml/too-many-keys.ts";
import { yamlUnclearNumber } from "./yaml/unclear-number.ts";

/** Every rule, in the order of `fairlead rules`: by id. A test compares this list with the folders beside it. */
export const RULES: readonly Rule[] = [
  acknowledgeExpired,
  acknowledgeNoLongerApplies,
  acknowledgeNotAWarning,
  acknowledgeUnknownRule,
  acknowledgeWrongFile,
  artifactMissing,
  artifactWrongHash,
  artifactWrongSize,
  channelBehindSource,
  channelBelowMinimum,
  channelCanaryTooLarge,
  channelCircularPromotion,
  channelDeferredAsSilent,
  channelEmptyCanary,
  channelGateCheckUnclear,
  channelGateOutOfRange,
  channelGateUndecided,
  channelGateUnreachable,
  channelHaltedAndResumed,
  channelHaltsOtherVersion,
  channelLinearByHand,
  channelLoweredWithoutRollback,
  channelOpenedWithoutAdvance,
  channelOpensOtherVersion,
  channelOpensTooManyWaves,
  channelPlatformBelowMinimum,
  channelPointsToDeadEnd,
  channelPromotesUnpromotable,
  channelPromotesYanked,
  channelRemoved,
  channelResumedAhead,
  channelResumesOtherVersion,
  channelRollbackNotDown,
  channelRollbackNotSigned,
  channelStale,
  channelStartsFarAhead,
  channelStartsInThePast,
  channelUnknownCanaryGroup,
  channelUnknownRelease,
  channelUnknownRollbackVersion,
  channelUnknownSource,
  channelUnknownVia,
  channelViaLeadsNowhere,
  channelWaveTooSmall,
  channelWavesIncomplete,
  channelWavesNotAscending,
  channelYankedForPlatform,
  channelYankedRelease,
  expectationForbidden,
  expectationForbiddenTime,
  expectationLooksAtNobody,
  expectationNotMet,
  expectationOver,
  expectationTooManyAtOnce,
  expectationUnclear,
  expectationUnknownScope,
  fileBadName,
  fileByteOrderMark,
  fileCarriageReturn,
  fileConflictMarker,
  fileControlCharacter,
  fileEmpty,
  fileMisplaced,
  fileMissing,
  fileNotUtf8,
  filePrivateKey,
  fileSubmodule,
  fileSymlink,
  fileTooLarge,
  fileTooMany,
  fileUnreferenced,
  fleetCheckIntervalRaised,
  fleetCheckIntervalTooLong,
  fleetHoldsEverybody,
  fleetRemovedExists,
  fleetUnknownChannel,
  freezeBackwards,
  freezeOver,
  freezeTooLong,
  pauseOver,
  pauseTooLong,
  productMissingDefaultChannel,
  productRemoved,
  schemaBadName,
  schemaDuplicateItem,
  schemaMissingKey,
  schemaNewerVersion,
  schemaOutOfRange,
  schemaUnknownKey,
  schemaUnquotedVersion,
  schemaWrongChoice,
  schemaWrongType,
  securityHeldByFreeze,
  securityHeldByPause,
  securityHeldByPin,
  securityHeldByWindow,
  tenantBadMatch,
  tenantDuplicateDevice,
  tenantExpiredPin,
  tenantFormerNameExists,
  tenantFormerNameShared,
  tenantOwnerlessPin,
  tenantPinBelowMinimum,
  tenantPinMoved,
  tenantPinYankedForPlatform,
  tenantPinnedToDeadEnd,
  tenantPinsYanked,
  tenantRemoved,
  tenantScopeRemoved,
  tenantUnknownChannel,
  tenantUnknownPinnedRelease,
  tenantUnknownProduct,
  tenantYankedPin,
  trustBadDelegation,
  trustExpired,
  trustIndexDiffers,
  trustIndexMissing,
  trustIndexOutdated,
  trustNearExpiry,
  trustNotSigned,
  trustRootChainBroken,
  valueBadByteSize,
  valueBadClockTime,
  valueBadDate,
  valueBadDuration,
  valueBadPercent,
  valueBadRange,
  valueBadSha256,
  valueBadTimeZone,
  valueBadVersion,
  valueBadWeekday,
  valueShareWithoutSign,
  versionBadUrl,
  versionBarrierAtDeadEnd,
  versionBarrierLacksPlatform,
  versionChangedAfterPublish,
  versionDuplicatePlatform,
  versionImpossibleRequires,
  versionPlatformLost,
  versionReactivatedWithoutReason,
  versionRemoved,
  versionRequiresMore,
  versionSameAsOther,
  versionStrandsVersions,
  versionWrongFileName,
  versionYankedBarrier,
  versionYankedPiecewise,
  versionYankedWithoutReason,
  windowNeverOpen,
  windowOverlapping,
  yamlAlias,
  yamlComplexKey,
  yamlCustomTag,
  yamlDuplicateKey,
  yamlHiddenCharacter,
  yamlKeyNotText,
  yamlMergeKey,
  yamlMultipleDocuments,
  yamlSyntax,
  yamlTab,
  yamlTooDeep,
  yamlTooManyKeys,
  yamlUnclearNumber,
];
