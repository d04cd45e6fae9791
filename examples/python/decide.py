"""The decision of docs/protocol.md, rule by rule, for agents that are not written in TypeScript.

    decide(policy, releases, device, installed, local, now) -> dict

All arguments are what JSON gives: see docs/protocol.md, "The decision".
"""

from functools import cmp_to_key

from requirements import in_dotted_range, unmet
from versions import compare, in_range, is_prerelease, is_version
from waves import start_of, turn_of
from windows import first_free_second, freeze_at, last_closed_opening, opening_at_or_after

BY_RANGE = {"osVersion", "glibc", "musl", "kernel", "macos", "windowsBuild"}


def decide(policy, releases, device, installed, local, now):
    return _Decision(policy, releases, device, installed, local, now).decide()


class _End(Exception):
    """A rule ended the decision."""

    def __init__(self, decision):
        super().__init__()
        self.decision = decision


class _Decision:
    def __init__(self, policy, releases, device, installed, local, now):
        self.product = policy["product"]
        self.tenant = policy.get("tenant")
        self.releases = releases
        self.by_version = {release["version"]: release for release in releases}
        self.device = device
        self.platform = device["platform"]
        self.installed = installed
        self.local = local
        self.now = now
        signed = [release.get("versionScheme", "semver") for release in releases]
        self.scheme = signed[0] if signed else self.product["versionScheme"]
        self.is_scheme_signed = all(scheme == self.product["versionScheme"] for scheme in signed)
        self.in_groups = [group for group in (self.tenant or {}).get("groups", []) if self._is_in(group)]
        self.groups = [f"{self.tenant['tenant']}/{group['name']}" for group in self.in_groups]
        self.scopes = self._scopes()
        self.channel = None
        self.channel_name = None
        self.below_minimum = None
        self.misfit = None
        self.trail = []

    def decide(self):
        try:
            self._channel_or_pause()
            own = self._own_pin()
            if own is not None:
                return self._by_pin(own, is_own=True)
            pin = self._pin()
            return self._by_channel() if pin is None else self._by_pin(pin)
        except _End as end:
            return end.decision

    # What rules say.

    def _say(self, rule, outcome, text=""):
        self.trail.append({"rule": rule, "outcome": outcome, "text": text})

    def _result(self, action, **members):
        result = {"action": action, "trail": self.trail}
        if action != "paused":
            result["channel"] = self.channel_name
        if self.below_minimum is not None:
            result["belowMinimum"] = self.below_minimum
        if self.misfit is not None:
            result["misfit"] = self.misfit
        result.update({name: value for name, value in members.items() if value is not None})
        return result

    def _refuse(self, rule, code, target=None):
        self._say(rule, "stop", code)
        return _End(self._result("refuse", code=code, target=target))

    # Scopes.

    def _is_in(self, group):
        if self.device["id"] in group["devices"]:
            return True
        match = group.get("match")
        return match is not None and all(self._matches(key, texts) for key, texts in match.items())

    def _matches(self, key, texts):
        if not key.startswith("facts."):
            return self.device.get("labels", {}).get(key) in texts
        name = key[len("facts.") :]
        facts = self.device.get("facts", {})
        if name == "platform":
            return self.platform in texts
        if name == "cpu":
            return any(feature in texts for feature in facts.get("cpu", []))
        fact = facts.get(name)
        if not isinstance(fact, str):
            return False
        if name in BY_RANGE:
            return any(in_dotted_range(fact, text) for text in texts)
        return fact in texts

    def _scopes(self):
        levels = []
        if self.tenant is not None:
            levels.append(self.tenant["devices"].get(self.device["id"]))
            levels += self.in_groups
            levels.append(self.tenant["sites"].get(self.device.get("site")))
            levels.append(self.tenant)
        levels.append(self.product["fleet"])
        scopes = []
        for level in levels:
            if level is None:
                continue
            named = level.get("products", {}).get(self.product["product"])
            scopes += [level] if named is None else [named, level]
        return scopes

    def _nearest(self, key):
        return next((scope[key] for scope in self.scopes if key in scope), None)

    def _may_choose(self):
        return self._nearest("localOverrides") != "deny"

    # Rules 1 and 2.

    def _channel_or_pause(self):
        own = self.local.get("channel")
        if own is not None and self._may_choose():
            name = own
        else:
            name = self._nearest("channel") or self.product["fleet"]["defaultChannel"]
        channel = self.product["channels"].get(name)

        pauses = [level.get("paused") for level in [*self.scopes, self.product, channel or {}]]
        if any(pause is not None and self.now < pause.get("until", self.now + 1) for pause in pauses):
            self._say("paused", "stop")
            raise _End(self._result("paused"))
        self._say("paused", "pass")

        self.channel_name = name
        self._say("channel", "set", name)
        if self.product["fleet"].get("unknownDevices") == "hold":
            if self.tenant is None:
                raise self._refuse("unknownDevices", "unknown-device")
            self._say("unknownDevices", "pass")
        if self.product.get("ifInstalled") is True and self.installed is None:
            raise self._refuse("target", "not-installed")
        if not self.is_scheme_signed:
            raise self._refuse("compare", "version-scheme-not-signed")
        if self.installed is not None and not is_version(self.scheme, self.installed):
            raise self._refuse("compare", "installed-version-unreadable")
        if channel is None:
            raise self._refuse("channel", "unknown-channel")
        self.channel = channel

    # Rule 3.

    def _own_pin(self):
        pin = self.local.get("pin")
        if pin is None:
            return None
        if not self._may_choose():
            self._say("target", "skip", "the machine's own pin is denied")
            return None
        minimum = self._highest_minimum()
        if minimum is not None and (not is_version(self.scheme, pin) or self._order(pin, minimum) < 0):
            self._say("target", "skip", "the machine's own pin is below the minimum")
            return None
        self._say("target", "set", f"pinned to {pin} on this machine")
        return pin

    def _pin(self):
        for scope in self.scopes:
            pin = scope.get("pin")
            if pin is None:
                continue
            if "expires" in pin and pin["expires"] <= self.now:
                self._say("target", "skip", "the pin has expired")
                continue
            self._say("target", "set", f"pinned to {pin['version']}")
            return pin["version"]
        return None

    def _by_pin(self, target, is_own=False):
        self._minimum()
        release = self.by_version.get(target)
        if release is None or not self._is_active(release):
            raise self._refuse("target", "pinned-version-unavailable", target)
        if "deadEnd" in release and target != self.installed:
            raise self._refuse("target", "dead-end", target)
        goes_down, path = self._step(release)
        if self._is_halted(target):
            raise self._halt(target)
        if is_own and self._is_withdrawn(target):
            raise self._refuse("target", "pinned-version-unavailable", target)
        if not goes_down:
            self._say("rollout", "skip", "a pin waits for no wave")
        return self._take(release, goes_down, path)

    def _by_channel(self):
        pointed = self.channel["current"]["version"]
        release = self.by_version.get(pointed)
        if release is None and pointed not in self.product["yanked"]:
            self._minimum()
            raise self._refuse("target", "no-such-release", pointed)
        candidates = self._candidates()
        if not candidates:
            self._minimum()
            if release is not None and self._is_active(release) and "deadEnd" in release:
                raise self._refuse("target", "dead-end", pointed)
            self._say("target", "stop", "nothing is active")
            return self._result("none")
        target, *others = candidates
        self._say("target", "set", target.version)
        self._minimum()
        try:
            goes_down, path = self._step(target.release)
        except _End as end:
            if end.decision.get("code") != "requirement-not-met":
                raise
            fitting = self._fitting(target, others)
            if fitting is None:
                raise
            self._say("requires", "set", "an earlier version fits")
            target, others = fitting
            goes_down, path = self._step(target.release)
        return self._by_waves(target, others, goes_down, path)

    def _is_active(self, release):
        version = release["version"]
        if not release["active"] or version in self.product["yanked"]:
            return False
        if self.platform in self.product.get("yankedFor", {}).get(version, []):
            return False
        return not any(artifact.get("active") is False for artifact in self._artifacts(release))

    def _artifacts(self, release):
        return [artifact for artifact in release["artifacts"] if artifact["platform"] == self.platform]

    def _is_rolled_back_from(self, version):
        return version in self.channel.get("rollback", {}).get("from", [])

    def _is_withdrawn(self, version):
        if self._is_rolled_back_from(version):
            return True
        if version == self.channel["current"]["version"]:
            return "halted" in self.channel
        return any(
            promotion["version"] == version and promotion.get("halted") is True
            for promotion in self.channel["previous"]
        )

    def _candidates(self):
        found = []
        current = self.channel["current"]
        for index, promotion in enumerate([current, *self.channel["previous"]]):
            version = promotion["version"]
            release = self.by_version.get(version)
            if release is None or not self._is_active(release):
                continue
            if "deadEnd" in release and version != self.installed:
                continue
            is_current = version == current["version"]
            if self._is_rolled_back_from(version) if is_current else self._is_withdrawn(version):
                continue
            end = start_of(self.channel, index - 1) if found else None
            found.append(_Candidate(release, index, start_of(self.channel, index), end))
        return found

    def _fitting(self, target, others):
        for index, candidate in enumerate(others):
            if self._order(candidate.version, target.version) >= 0 or not self._artifacts(candidate.release):
                continue
            order = -1 if self.installed is None else self._order(self.installed, candidate.version)
            if order > 0:
                continue
            if order == 0 or self._fitting_way(candidate.release) is not None:
                return candidate, others[index + 1 :]
        return None

    # Rule 4.

    def _highest_minimum(self):
        said = [self.product["fleet"], self.product, self.channel]
        minimums = [level["minVersion"] for level in said if "minVersion" in level]
        return max(minimums, key=cmp_to_key(self._order), default=None)

    def _minimum(self):
        highest = self._highest_minimum()
        if highest is None or self.installed is None:
            return
        if self._order(self.installed, highest) < 0:
            self.below_minimum = highest
            self._say("minVersion", "set", highest)
        else:
            self._say("minVersion", "pass", highest)

    def _order(self, a, b):
        return compare(self.scheme, a, b)

    # Rules 5 to 7.

    def _step(self, release):
        """(whether it goes down, the way)."""
        target = release["version"]
        order = -1 if self.installed is None else self._order(self.installed, target)
        if order == 0:
            self._say("compare", "stop", f"{target} is installed")
            raise _End(self._result("stay", target=target))
        if self.installed is not None and order < 0:
            if "deadEnd" in self.by_version.get(self.installed, {}):
                raise self._refuse("path", "dead-end", target)
        if not self._artifacts(release):
            raise self._refuse("target", "no-artifact-for-platform", target)
        if order > 0:
            self._check_down(target)
            path = [target]
            self._check_requirements(target, path)
        else:
            self._say("compare", "pass", f"{target} is newer")
            path = self._check_way(release)
        waits = [
            blocked["until"]
            for blocked in self.local.get("blocked", [])
            if blocked["version"] in (target, path[0]) and blocked["until"] > self.now
        ]
        if waits:
            self._say("blocked", "stop")
            raise _End(self._result("wait", target=target, waitingFor="backoff", eligibleAt=max(waits)))
        return order > 0, path

    def _check_down(self, target):
        if not self._is_rolled_back_from(self.installed):
            raise self._refuse("compare", "downgrade-not-declared", target)
        newest = self.local.get("newestConfirmed", self.installed)
        if is_version(self.scheme, newest) and self._order(newest, self.installed) < 0:
            newest = self.installed
        for version in (self.installed, newest):
            allowed = self.by_version.get(version, {}).get("rollbackTo")
            if allowed is None or not in_range(self.scheme, target, allowed):
                raise self._refuse("compare", "downgrade-not-signed", target)
        self._say("compare", "set", "a declared rollback")

    def _check_way(self, release):
        target = release["version"]
        way = self._fitting_way(release)
        if way is not None:
            self._say("path", "pass", ", then ".join(way))
            self._check_requirements(target, way)
            return way
        steps = [target] if self._unmet(release) else self._way(release, lambda _: True) or []
        self._check_requirements(target, steps)
        raise self._refuse("path", "no-path", target)

    def _check_requirements(self, target, path):
        releases = [self.by_version[version] for version in path]
        for release in releases:
            lacking = self._unmet(release)
            if lacking:
                self.misfit = {"target": target, "version": release["version"], "unmet": lacking}
                raise self._refuse("requires", "requirement-not-met", target)
        if any("requires" in artifact for release in releases for artifact in self._artifacts(release)):
            self._say("requires", "pass")

    def _unmet(self, release):
        for artifact in self._artifacts(release):
            lacking = unmet(artifact.get("requires"), self.device.get("facts"), artifact["size"])
            if lacking:
                return lacking
        return []

    def _fitting_way(self, release):
        if self._unmet(release):
            return None
        way = self._way(release, lambda _: True)
        if way is None or not any(self._unmet(self.by_version[version]) for version in way):
            return way
        return self._way(release, lambda step: not self._unmet(step))

    def _way(self, release, may_run):
        """The versions to install one after the other, or None."""
        if self.installed is None or self._accepts(release, self.installed):
            return [release["version"]]
        target = release["version"]
        channel = self.channel
        leads = {promotion["version"] for promotion in [channel["current"], *channel["previous"]]}
        leads.update(channel.get("steps", []))
        steps = [
            step
            for step in self.releases
            if step["version"] in leads
            and "deadEnd" not in step
            and self._is_active(step)
            and not self._is_withdrawn(step["version"])
            and self._artifacts(step)
            and self._order(step["version"], target) < 0
            and (is_prerelease(self.scheme, target) or not is_prerelease(self.scheme, step["version"]))
            and may_run(step)
        ]
        steps.sort(key=cmp_to_key(lambda a, b: self._order(b["version"], a["version"])))
        ways = {}

        def way_from(version):
            """The way from a version by the newest steps; each is worked out once."""
            if version not in ways:
                ways[version] = find_from(version)
            return ways[version]

        def find_from(version):
            if self._accepts(release, version):
                return [target]
            for step in steps:
                if self._order(step["version"], version) <= 0:
                    return None
                rest = way_from(step["version"]) if self._accepts(step, version) else None
                if rest is not None:
                    return [step["version"], *rest]
            return None

        return way_from(self.installed)

    def _accepts(self, release, installed):
        floor = self._floor(release["version"])
        if floor is not None and self._order(installed, floor) < 0:
            return False
        accepted = release.get("upgradeFrom")
        return accepted is None or in_range(self.scheme, installed, accepted)

    def _floor(self, version):
        barriers = [
            release["version"]
            for release in self.releases
            if "barrier" in release
            and not self._is_lifted(release)
            and self._order(release["version"], version) < 0
            and (is_prerelease(self.scheme, version) or not is_prerelease(self.scheme, release["version"]))
        ]
        return max(barriers, key=cmp_to_key(self._order), default=None)

    def _is_lifted(self, release):
        artifacts = self._artifacts(release)
        all_yanked = artifacts and all(artifact.get("active") is False for artifact in artifacts)
        return not release["active"] or bool(all_yanked)

    # Rule 8.

    def _is_halted(self, version):
        return "halted" in self.channel and self.channel["current"]["version"] == version

    def _halt(self, target):
        self._say("rollout", "stop", "halted")
        return _End(self._result("wait", target=target, waitingFor="halt"))

    def _turn(self, candidate):
        product = self.product["product"]
        return turn_of(self.channel, candidate.index, product, candidate.release, self.device, self.groups)

    def _by_waves(self, target, others, goes_down, path):
        if self._is_halted(target.version):
            wait = self._halt(target.version)
            if goes_down:
                raise wait
        elif goes_down:
            self._say("rollout", "skip", "a rollback waits for no wave")
            return self._take(target.release, goes_down, path)
        else:
            wait = self._wait_for_wave(target)
            if wait is None:
                return self._take(target.release, goes_down, path)

        is_halt = wait.decision["waitingFor"] == "halt"
        instead = self._earlier(target, others, is_halt)
        if instead is not None:
            self._say("rollout", "set", f"{instead.version} until then")
            return self._take(instead.release, *self._step(instead.release))
        if is_halt:
            raise wait
        if self.below_minimum is not None:
            self._say("rollout", "skip", "below the minimum")
            return self._take(target.release, goes_down, path)
        raise self._sooner(target, others, wait.decision.get("eligibleAt")) or wait

    def _wait_for_wave(self, target):
        if "rollout" not in self.channel:
            self._say("rollout", "pass", "no waves")
            return None
        at, shut = self._turn(target)
        if at is not None and at <= self.now:
            self._say("rollout", "pass", "its turn has come")
            return None
        if self.local.get("updateNow") is True:
            self._say("rollout", "skip", "asked for now")
            return None
        self._say("rollout", "stop", "its turn has not come")
        return _End(self._result("wait", target=target.version, waitingFor="wave", eligibleAt=at, shutWave=shut))

    def _earlier(self, target, others, is_halt):
        below_minimum = None
        longest = None
        for candidate in others:
            is_same = candidate.version == target.version and not is_halt
            if self._order(candidate.version, target.version) >= 0 and not is_same:
                continue
            if self.installed is not None and self._order(candidate.version, self.installed) <= 0:
                continue
            if not self._artifacts(candidate.release) or self._fitting_way(candidate.release) is None:
                continue
            if longest is None or candidate.start < longest.start:
                longest = candidate
            at, _ = self._turn(candidate)
            if at is None or at > self.now:
                continue
            if "rollout" in self.channel and at >= candidate.end:
                continue
            if self.below_minimum is None or self._order(candidate.version, self.below_minimum) >= 0:
                return candidate
            if below_minimum is None:
                below_minimum = candidate
        if self.installed is None:
            return longest
        return below_minimum if is_halt else None

    def _sooner(self, target, others, eligible_at):
        turns = []
        for candidate in others:
            if candidate.version != target.version:
                continue
            at, _ = self._turn(candidate)
            if at is None or at <= self.now or at >= candidate.end:
                continue
            if eligible_at is None or at < eligible_at:
                turns.append(at)
        if not turns:
            return None
        self._say("rollout", "stop", "the channel had pointed to it before")
        return _End(self._result("wait", target=target.version, waitingFor="wave", eligibleAt=min(turns)))

    # Rules 9 and 10.

    def _take(self, release, goes_down, path):
        target = release["version"]
        passes = self.local.get("updateNow") is True or self.below_minimum is not None
        window = self._nearest("window")
        levels = [*self.scopes, self.product, self.channel]
        freezes = [freeze for level in levels for freeze in level.get("freeze", [])]
        strict = [freeze for freeze in freezes if freeze.get("except") != release["severity"]]

        if freeze_at(freezes, self.now) is not None:
            if passes or freeze_at(strict, self.now) is None:
                self._say("freeze", "skip")
            else:
                self._say("freeze", "stop")
                then = window if window is not None and window["onReturn"] == "window" else None
                free = first_free_second(strict, then, self.now)
                raise _End(self._result("wait", target=target, waitingFor="freeze", eligibleAt=free))

        if window is not None:
            self._check_window(window, target, strict, passes)

        if self._installs_on_request():
            if self.local.get("updateNow") is not True:
                self._say("autoUpdate", "stop")
                raise _End(self._result("wait", target=target, waitingFor="request"))
            self._say("autoUpdate", "skip")
        return self._result("rollback" if goes_down else "update", target=target, path=path)

    def _installs_on_request(self):
        own = self.local.get("autoUpdate")
        if own is not None:
            if not self._may_choose():
                self._say("autoUpdate", "skip", "the machine's own choice is denied")
            elif own is False and self.below_minimum is not None:
                self._say("autoUpdate", "skip", "below the minimum")
            else:
                return not own
        return self._nearest("autoUpdate") is False

    def _check_window(self, window, target, strict, passes):
        if passes:
            self._say("window", "skip")
            return
        opens, _ = opening_at_or_after(window, self.now)
        is_now = window["onReturn"] == "now"
        seen = self.local.get("lastCheckAt")
        was_away = is_now and seen is not None and seen < last_closed_opening(window, self.now)[0]
        if opens <= self.now or was_away:
            self._say("window", "pass")
            return
        self._say("window", "stop")
        free = opens if is_now else first_free_second(strict, window, self.now)
        raise _End(self._result("wait", target=target, waitingFor="window", eligibleAt=free))


class _Candidate:
    """A version that the channel may offer, and since when and until when it pointed to it."""

    def __init__(self, release, index, start, end):
        self.release = release
        self.version = release["version"]
        self.index = index
        self.start = start
        self.end = end
