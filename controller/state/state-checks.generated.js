// Generated from schemas/ by `npm run generate`. Do not edit.
import ucs2length from "ajv/dist/runtime/ucs2length.js";
import equal from "ajv/dist/runtime/equal.js";
import { FORMS as forms } from "./value-forms.ts";

export const fleet = validate11;
const schema12 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"fleet.schema.json","title":"FleetState","description":"What holds for the whole fleet: `fleet.yaml`.","type":"object","additionalProperties":false,"required":["schemaVersion","defaultChannel"],"properties":{"schemaVersion":{"description":"The version of this format. 1 is the only one so far.","type":"integer","minimum":1},"defaultChannel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel of every device for which no nearer scope names one."},"paused":{"$ref":"common.schema.json#/$defs/pause"},"longestPause":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"How far ahead tenants may pause their machines. A pause in a tenant's file then says `until` when, and no later than this after the commit. The fleet's, a product's and a channel's own pauses are the vendor's: they may stand for as long as it takes."},"minVersion":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"Devices below it update now, past waves and windows, whatever the product."},"checkInterval":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"How long agents wait between two polls, unless told otherwise on the machine: up to `1d`. `0s` leaves it at one look a day; only a machine's own config turns polling off."},"autoUpdate":{"$ref":"common.schema.json#/$defs/autoUpdate"},"window":{"$ref":"common.schema.json#/$defs/window"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"localOverrides":{"$ref":"common.schema.json#/$defs/localOverrides"},"unknownDevices":{"description":"What a device does that no tenant, site, group or device of state names: `update` by the fleet's own settings, or `hold` until somebody names it.","type":"string","enum":["update","hold"],"default":"update"},"removed":{"title":"RemovedState","description":"Names that machines may still ask for, and that are gone on purpose. Whoever takes one away without an entry here is refused; and while the entry stands, nobody takes the name again. The entry may go when no such machine is left.","type":"object","additionalProperties":false,"properties":{"tenants":{"description":"Tenants, also by a name of `formerly`. Their machines find no settings any more and stay where they are until they enrol again.","type":"object","maxProperties":10000,"propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/removal"}},"products":{"description":"Products. Machines that have one keep it and are offered nothing more.","type":"object","maxProperties":1000,"propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/removal"}},"channels":{"description":"Channels, by `product/channel`. Machines that chose one by themselves are offered nothing more.","type":"object","maxProperties":1000,"propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9.-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/removal"}}}},"acknowledge":{"description":"Warnings about this file that somebody has seen and answers for, and with `file` those about a file that can hold no acknowledgement itself. They are no longer shown and fail no pipeline, until they expire; one that silences nothing any more is a warning itself. Errors cannot be acknowledged.","type":"array","maxItems":1000,"items":{"title":"FleetAcknowledgementState","description":"Warnings of one rule, acknowledged until a date.","type":"object","additionalProperties":false,"required":["rule","reason","owner","expires"],"properties":{"rule":{"$ref":"common.schema.json#/$defs/ruleId"},"file":{"description":"What the warnings are about where that is no state file: a signed file of `trust/`, a file that nothing reads, a version file that is gone. Relative to the state root.","type":"string","minLength":1,"maxLength":1000},"at":{"$ref":"common.schema.json#/$defs/placeInFile"},"reason":{"$ref":"common.schema.json#/$defs/reason"},"owner":{"$ref":"common.schema.json#/$defs/owner"},"expires":{"$ref":"common.schema.json#/$defs/date"}}}}}};
const schema14 = {"description":"The name of a channel: lower-case letters, digits, dashes, and dots inside; starts with a letter; at most 63 characters.","form":"channelName","type":"string","maxLength":63,"pattern":"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"};
const schema18 = {"description":"A length of time: `90s`, `15m`, `4h`, `2d`, `1w`, or a sum such as `1h30m`.","form":"duration","type":"string","pattern":"^(?:[0-9]{1,9}[smhdw])+$"};
const schema19 = {"description":"An exact version, as the product counts them: no `v` in front, no range, no build metadata.","form":"version","type":"string","minLength":1,"maxLength":64,"pattern":"^[0-9A-Za-z][0-9A-Za-z.-]*$"};
const schema21 = {"description":"`false`: say that an update waits and install it only on request.","type":"boolean"};
const schema28 = {"description":"Whether a machine may choose its own channel, version (pin) and autoUpdate.","type":"string","enum":["allow","deny"]};
const schema32 = {"description":"The id of the rule whose warnings are acknowledged, as `fairlead rules` lists it.","type":"string","minLength":1,"maxLength":100};
const schema33 = {"description":"Only what is found here or below: a JSON pointer (RFC 6901) into this file. Without it, the whole file.","form":"pointer","type":"string","maxLength":1000,"pattern":"^(/([^~/]|~[01])*)+$"};
const schema16 = {"description":"Why, for whoever reads this later.","type":"string","minLength":1,"maxLength":500};
const schema31 = {"description":"Who answers for it: a mail address or a team.","type":"string","minLength":1,"maxLength":200};
const schema17 = {"description":"Until when it holds: a date (until it begins, UTC) or a date and time with a zone.","form":"date","type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"};
const func2 = Object.prototype.hasOwnProperty;
const func3 = ucs2length.default;
const pattern0 = new RegExp("^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$", "u");
const pattern2 = new RegExp("^(?:[0-9]{1,9}[smhdw])+$", "u");
const pattern3 = new RegExp("^[0-9A-Za-z][0-9A-Za-z.-]*$", "u");
const pattern9 = new RegExp("^[a-z][a-z0-9-]{0,62}$", "u");
const pattern11 = new RegExp("^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9.-]{0,62}$", "u");
const pattern12 = new RegExp("^(/([^~/]|~[01])*)+$", "u");
const pattern1 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$", "u");
const schema15 = {"description":"`true`, or an object with the reason. Nothing under this scope is updated while it stands, whatever else says.","oneOf":[{"type":"boolean"},{"title":"PauseWithReason","description":"A pause that says why.","type":"object","additionalProperties":false,"required":["reason"],"properties":{"reason":{"$ref":"common.schema.json#/$defs/reason"},"until":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"When it ends by itself. A date alone ends it as that day begins, UTC. Without it, somebody ends it by a commit."}}}]};
const keyword0 = forms["date"];

function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data !== "boolean"){
const err0 = {instancePath,schemaPath:"#/oneOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema15.oneOf[0].type,parentSchema:schema15.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reason === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "reason"},schema:schema15.oneOf[1].required,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "until"))){
const err2 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err3 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.until !== undefined){
let data1 = data.until;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},schema:schema15.oneOf[1].type,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err10 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema15.oneOf,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate13.errors = vErrors;
return errors === 0;
}

const schema22 = {"title":"WindowState","description":"When updates may be applied. Outside it, devices wait.","type":"object","additionalProperties":false,"required":["days","start","duration","timeZone"],"properties":{"days":{"description":"The days on which it opens.","type":"array","minItems":1,"maxItems":7,"uniqueItems":true,"items":{"type":"string","enum":["mon","tue","wed","thu","fri","sat","sun"],"form":"weekday"}},"start":{"description":"Wall-clock time at which it opens, 24 hours.","type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9]$","form":"clockTime"},"duration":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"How long it stays open."},"timeZone":{"description":"A time zone of the IANA database.","type":"string","minLength":1,"maxLength":64,"form":"timeZone"},"onReturn":{"description":"What a device does that was offline through its last window: wait for the next one, or update now.","type":"string","enum":["window","now"],"default":"window"}}};
const pattern5 = new RegExp("^([01][0-9]|2[0-3]):[0-5][0-9]$", "u");
const keyword1 = forms["duration"];
const keyword4 = forms["timeZone"];

function validate15(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.days === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "days"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.start === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "start"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.duration === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "duration"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.timeZone === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "timeZone"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "days") || (key0 === "start")) || (key0 === "duration")) || (key0 === "timeZone")) || (key0 === "onReturn"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.days !== undefined){
let data0 = data.days;
if(Array.isArray(data0)){
if(data0.length > 7){
const err5 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/maxItems",keyword:"maxItems",params:{limit: 7},schema:7,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data0.length < 1){
const err6 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/days/" + i0,schemaPath:"#/properties/days/items/type",keyword:"type",params:{type: "string"},schema:schema22.properties.days.items.type,parentSchema:schema22.properties.days.items,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(((((((data1 === "mon") || (data1 === "tue")) || (data1 === "wed")) || (data1 === "thu")) || (data1 === "fri")) || (data1 === "sat")) || (data1 === "sun"))){
const err8 = {instancePath:instancePath+"/days/" + i0,schemaPath:"#/properties/days/items/enum",keyword:"enum",params:{allowedValues: schema22.properties.days.items.enum},schema:schema22.properties.days.items.enum,parentSchema:schema22.properties.days.items,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
let i1 = data0.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data0[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err9 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err10 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/type",keyword:"type",params:{type: "array"},schema:schema22.properties.days.type,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.start !== undefined){
let data2 = data.start;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err11 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema22.properties.start,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/type",keyword:"type",params:{type: "string"},schema:schema22.properties.start.type,parentSchema:schema22.properties.start,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.duration !== undefined){
let data3 = data.duration;
if(!(keyword1(data3))){
const err13 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(typeof data3 === "string"){
if(!pattern2.test(data3)){
const err14 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.timeZone !== undefined){
let data4 = data.timeZone;
if(!(keyword4(data4))){
const err16 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/form",keyword:"form",params:{},schema:"timeZone",parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(typeof data4 === "string"){
if(func3(data4) > 64){
const err17 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(func3(data4) < 1){
const err18 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/type",keyword:"type",params:{type: "string"},schema:schema22.properties.timeZone.type,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.onReturn !== undefined){
let data5 = data.onReturn;
if(typeof data5 !== "string"){
const err20 = {instancePath:instancePath+"/onReturn",schemaPath:"#/properties/onReturn/type",keyword:"type",params:{type: "string"},schema:schema22.properties.onReturn.type,parentSchema:schema22.properties.onReturn,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(!((data5 === "window") || (data5 === "now"))){
const err21 = {instancePath:instancePath+"/onReturn",schemaPath:"#/properties/onReturn/enum",keyword:"enum",params:{allowedValues: schema22.properties.onReturn.enum},schema:schema22.properties.onReturn.enum,parentSchema:schema22.properties.onReturn,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema22.type,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate15.errors = vErrors;
return errors === 0;
}

const schema24 = {"description":"Spans of time in which nothing is updated here or below: holidays, an audit. A freeze holds whatever nearer scopes say; a device below the minimum version and a person's `update` pass it.","type":"array","minItems":1,"maxItems":50,"items":{"title":"FreezeState","description":"One span of time without updates.","type":"object","additionalProperties":false,"required":["from","to","reason"],"properties":{"from":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"When it begins; a date alone begins at midnight UTC."},"to":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"When it ends, and updates go on; a date alone ends it as that day begins, UTC."},"reason":{"$ref":"common.schema.json#/$defs/reason"},"owner":{"description":"Who answers for it: a mail address or a team.","type":"string","minLength":1,"maxLength":200},"except":{"description":"`security`: versions with `severity: security` go on.","type":"string","enum":["security"]}}}};

function validate17(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 50){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.length < 1){
const err1 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.from === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "from"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.to === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "to"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.reason === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "from") || (key0 === "to")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "except"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.from !== undefined){
let data1 = data0.from;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.to !== undefined){
let data2 = data0.to;
if(!(keyword0(data2))){
const err9 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.owner.type,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.except !== undefined){
let data5 = data0.except;
if(typeof data5 !== "string"){
const err18 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.except.type,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(data5 === "security")){
const err19 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/enum",keyword:"enum",params:{allowedValues: schema24.items.properties.except.enum},schema:schema24.items.properties.except.enum,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema24.items.type,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate17.errors = vErrors;
return errors === 0;
}

const schema29 = {"title":"RemovalState","description":"Why something is gone that machines may still ask for.","type":"object","additionalProperties":false,"required":["reason"],"properties":{"reason":{"$ref":"common.schema.json#/$defs/reason"},"owner":{"$ref":"common.schema.json#/$defs/owner"}}};

function validate19(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reason === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "reason"},schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "owner"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err2 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func3(data0) < 1){
const err3 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.owner !== undefined){
let data1 = data.owner;
if(typeof data1 === "string"){
if(func3(data1) > 200){
const err5 = {instancePath:instancePath+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(func3(data1) < 1){
const err6 = {instancePath:instancePath+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema29.type,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
validate19.errors = vErrors;
return errors === 0;
}


function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="fleet.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.schemaVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "schemaVersion"},schema:schema12.required,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.defaultChannel === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "defaultChannel"},schema:schema12.required,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema12.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.schemaVersion !== undefined){
let data0 = data.schemaVersion;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err3 = {instancePath:instancePath+"/schemaVersion",schemaPath:"#/properties/schemaVersion/type",keyword:"type",params:{type: "integer"},schema:schema12.properties.schemaVersion.type,parentSchema:schema12.properties.schemaVersion,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 1 || isNaN(data0)){
const err4 = {instancePath:instancePath+"/schemaVersion",schemaPath:"#/properties/schemaVersion/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema12.properties.schemaVersion,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
if(data.defaultChannel !== undefined){
let data1 = data.defaultChannel;
if(typeof data1 === "string"){
if(func3(data1) > 63){
const err5 = {instancePath:instancePath+"/defaultChannel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!pattern0.test(data1)){
const err6 = {instancePath:instancePath+"/defaultChannel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/defaultChannel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.paused !== undefined){
if(!(validate13(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.longestPause !== undefined){
let data3 = data.longestPause;
if(!(keyword1(data3))){
const err8 = {instancePath:instancePath+"/longestPause",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(typeof data3 === "string"){
if(!pattern2.test(data3)){
const err9 = {instancePath:instancePath+"/longestPause",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/longestPause",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.minVersion !== undefined){
let data4 = data.minVersion;
if(typeof data4 === "string"){
if(func3(data4) > 64){
const err11 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func3(data4) < 1){
const err12 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern3.test(data4)){
const err13 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.checkInterval !== undefined){
let data5 = data.checkInterval;
if(!(keyword1(data5))){
const err15 = {instancePath:instancePath+"/checkInterval",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(typeof data5 === "string"){
if(!pattern2.test(data5)){
const err16 = {instancePath:instancePath+"/checkInterval",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/checkInterval",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.autoUpdate !== undefined){
let data6 = data.autoUpdate;
if(typeof data6 !== "boolean"){
const err18 = {instancePath:instancePath+"/autoUpdate",schemaPath:"common.schema.json#/$defs/autoUpdate/type",keyword:"type",params:{type: "boolean"},schema:schema21.type,parentSchema:schema21,data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.window !== undefined){
if(!(validate15(data.window, {instancePath:instancePath+"/window",parentData:data,parentDataProperty:"window",rootData}))){
vErrors = vErrors === null ? validate15.errors : vErrors.concat(validate15.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate17(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate17.errors : vErrors.concat(validate17.errors);
errors = vErrors.length;
}
}
if(data.localOverrides !== undefined){
let data9 = data.localOverrides;
if(typeof data9 !== "string"){
const err19 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/type",keyword:"type",params:{type: "string"},schema:schema28.type,parentSchema:schema28,data:data9};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!((data9 === "allow") || (data9 === "deny"))){
const err20 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/enum",keyword:"enum",params:{allowedValues: schema28.enum},schema:schema28.enum,parentSchema:schema28,data:data9};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.unknownDevices !== undefined){
let data10 = data.unknownDevices;
if(typeof data10 !== "string"){
const err21 = {instancePath:instancePath+"/unknownDevices",schemaPath:"#/properties/unknownDevices/type",keyword:"type",params:{type: "string"},schema:schema12.properties.unknownDevices.type,parentSchema:schema12.properties.unknownDevices,data:data10};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!((data10 === "update") || (data10 === "hold"))){
const err22 = {instancePath:instancePath+"/unknownDevices",schemaPath:"#/properties/unknownDevices/enum",keyword:"enum",params:{allowedValues: schema12.properties.unknownDevices.enum},schema:schema12.properties.unknownDevices.enum,parentSchema:schema12.properties.unknownDevices,data:data10};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.removed !== undefined){
let data11 = data.removed;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key1 in data11){
if(!(((key1 === "tenants") || (key1 === "products")) || (key1 === "channels"))){
const err23 = {instancePath:instancePath+"/removed",schemaPath:"#/properties/removed/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema12.properties.removed,data:data11};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data11.tenants !== undefined){
let data12 = data11.tenants;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(Object.keys(data12).length > 10000){
const err24 = {instancePath:instancePath+"/removed/tenants",schemaPath:"#/properties/removed/properties/tenants/maxProperties",keyword:"maxProperties",params:{limit: 10000},schema:10000,parentSchema:schema12.properties.removed.properties.tenants,data:data12};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
for(const key2 in data12){
const _errs36 = errors;
if(typeof key2 === "string"){
if(!pattern9.test(key2)){
const err25 = {instancePath:instancePath+"/removed/tenants",schemaPath:"#/properties/removed/properties/tenants/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema12.properties.removed.properties.tenants.propertyNames,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
var valid12 = _errs36 === errors;
if(!valid12){
const err26 = {instancePath:instancePath+"/removed/tenants",schemaPath:"#/properties/removed/properties/tenants/propertyNames",keyword:"propertyNames",params:{propertyName: key2},schema:schema12.properties.removed.properties.tenants.propertyNames,parentSchema:schema12.properties.removed.properties.tenants,data:data12};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
for(const key3 in data12){
if(!(validate19(data12[key3], {instancePath:instancePath+"/removed/tenants/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data12,parentDataProperty:key3,rootData}))){
vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
errors = vErrors.length;
}
}
}
else {
const err27 = {instancePath:instancePath+"/removed/tenants",schemaPath:"#/properties/removed/properties/tenants/type",keyword:"type",params:{type: "object"},schema:schema12.properties.removed.properties.tenants.type,parentSchema:schema12.properties.removed.properties.tenants,data:data12};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data11.products !== undefined){
let data14 = data11.products;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(Object.keys(data14).length > 1000){
const err28 = {instancePath:instancePath+"/removed/products",schemaPath:"#/properties/removed/properties/products/maxProperties",keyword:"maxProperties",params:{limit: 1000},schema:1000,parentSchema:schema12.properties.removed.properties.products,data:data14};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
for(const key4 in data14){
const _errs41 = errors;
if(typeof key4 === "string"){
if(!pattern9.test(key4)){
const err29 = {instancePath:instancePath+"/removed/products",schemaPath:"#/properties/removed/properties/products/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema12.properties.removed.properties.products.propertyNames,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
var valid14 = _errs41 === errors;
if(!valid14){
const err30 = {instancePath:instancePath+"/removed/products",schemaPath:"#/properties/removed/properties/products/propertyNames",keyword:"propertyNames",params:{propertyName: key4},schema:schema12.properties.removed.properties.products.propertyNames,parentSchema:schema12.properties.removed.properties.products,data:data14};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
for(const key5 in data14){
if(!(validate19(data14[key5], {instancePath:instancePath+"/removed/products/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data14,parentDataProperty:key5,rootData}))){
vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
errors = vErrors.length;
}
}
}
else {
const err31 = {instancePath:instancePath+"/removed/products",schemaPath:"#/properties/removed/properties/products/type",keyword:"type",params:{type: "object"},schema:schema12.properties.removed.properties.products.type,parentSchema:schema12.properties.removed.properties.products,data:data14};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data11.channels !== undefined){
let data16 = data11.channels;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
if(Object.keys(data16).length > 1000){
const err32 = {instancePath:instancePath+"/removed/channels",schemaPath:"#/properties/removed/properties/channels/maxProperties",keyword:"maxProperties",params:{limit: 1000},schema:1000,parentSchema:schema12.properties.removed.properties.channels,data:data16};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
for(const key6 in data16){
const _errs46 = errors;
if(typeof key6 === "string"){
if(!pattern11.test(key6)){
const err33 = {instancePath:instancePath+"/removed/channels",schemaPath:"#/properties/removed/properties/channels/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9.-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9.-]{0,62}$",parentSchema:schema12.properties.removed.properties.channels.propertyNames,data:key6,propertyName:key6};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
var valid16 = _errs46 === errors;
if(!valid16){
const err34 = {instancePath:instancePath+"/removed/channels",schemaPath:"#/properties/removed/properties/channels/propertyNames",keyword:"propertyNames",params:{propertyName: key6},schema:schema12.properties.removed.properties.channels.propertyNames,parentSchema:schema12.properties.removed.properties.channels,data:data16};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
for(const key7 in data16){
if(!(validate19(data16[key7], {instancePath:instancePath+"/removed/channels/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data16,parentDataProperty:key7,rootData}))){
vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
errors = vErrors.length;
}
}
}
else {
const err35 = {instancePath:instancePath+"/removed/channels",schemaPath:"#/properties/removed/properties/channels/type",keyword:"type",params:{type: "object"},schema:schema12.properties.removed.properties.channels.type,parentSchema:schema12.properties.removed.properties.channels,data:data16};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
}
else {
const err36 = {instancePath:instancePath+"/removed",schemaPath:"#/properties/removed/type",keyword:"type",params:{type: "object"},schema:schema12.properties.removed.type,parentSchema:schema12.properties.removed,data:data11};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data.acknowledge !== undefined){
let data18 = data.acknowledge;
if(Array.isArray(data18)){
if(data18.length > 1000){
const err37 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/properties/acknowledge/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema12.properties.acknowledge,data:data18};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len0 = data18.length;
for(let i0=0; i0<len0; i0++){
let data19 = data18[i0];
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
if(data19.rule === undefined){
const err38 = {instancePath:instancePath+"/acknowledge/" + i0,schemaPath:"#/properties/acknowledge/items/required",keyword:"required",params:{missingProperty: "rule"},schema:schema12.properties.acknowledge.items.required,parentSchema:schema12.properties.acknowledge.items,data:data19};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data19.reason === undefined){
const err39 = {instancePath:instancePath+"/acknowledge/" + i0,schemaPath:"#/properties/acknowledge/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema12.properties.acknowledge.items.required,parentSchema:schema12.properties.acknowledge.items,data:data19};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data19.owner === undefined){
const err40 = {instancePath:instancePath+"/acknowledge/" + i0,schemaPath:"#/properties/acknowledge/items/required",keyword:"required",params:{missingProperty: "owner"},schema:schema12.properties.acknowledge.items.required,parentSchema:schema12.properties.acknowledge.items,data:data19};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data19.expires === undefined){
const err41 = {instancePath:instancePath+"/acknowledge/" + i0,schemaPath:"#/properties/acknowledge/items/required",keyword:"required",params:{missingProperty: "expires"},schema:schema12.properties.acknowledge.items.required,parentSchema:schema12.properties.acknowledge.items,data:data19};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
for(const key8 in data19){
if(!((((((key8 === "rule") || (key8 === "file")) || (key8 === "at")) || (key8 === "reason")) || (key8 === "owner")) || (key8 === "expires"))){
const err42 = {instancePath:instancePath+"/acknowledge/" + i0,schemaPath:"#/properties/acknowledge/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},schema:false,parentSchema:schema12.properties.acknowledge.items,data:data19};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data19.rule !== undefined){
let data20 = data19.rule;
if(typeof data20 === "string"){
if(func3(data20) > 100){
const err43 = {instancePath:instancePath+"/acknowledge/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/maxLength",keyword:"maxLength",params:{limit: 100},schema:100,parentSchema:schema32,data:data20};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(func3(data20) < 1){
const err44 = {instancePath:instancePath+"/acknowledge/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema32,data:data20};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/acknowledge/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/type",keyword:"type",params:{type: "string"},schema:schema32.type,parentSchema:schema32,data:data20};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data19.file !== undefined){
let data21 = data19.file;
if(typeof data21 === "string"){
if(func3(data21) > 1000){
const err46 = {instancePath:instancePath+"/acknowledge/" + i0+"/file",schemaPath:"#/properties/acknowledge/items/properties/file/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema12.properties.acknowledge.items.properties.file,data:data21};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(func3(data21) < 1){
const err47 = {instancePath:instancePath+"/acknowledge/" + i0+"/file",schemaPath:"#/properties/acknowledge/items/properties/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.acknowledge.items.properties.file,data:data21};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/acknowledge/" + i0+"/file",schemaPath:"#/properties/acknowledge/items/properties/file/type",keyword:"type",params:{type: "string"},schema:schema12.properties.acknowledge.items.properties.file.type,parentSchema:schema12.properties.acknowledge.items.properties.file,data:data21};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data19.at !== undefined){
let data22 = data19.at;
if(typeof data22 === "string"){
if(func3(data22) > 1000){
const err49 = {instancePath:instancePath+"/acknowledge/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema33,data:data22};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(!pattern12.test(data22)){
const err50 = {instancePath:instancePath+"/acknowledge/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/pattern",keyword:"pattern",params:{pattern: "^(/([^~/]|~[01])*)+$"},schema:"^(/([^~/]|~[01])*)+$",parentSchema:schema33,data:data22};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
else {
const err51 = {instancePath:instancePath+"/acknowledge/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/type",keyword:"type",params:{type: "string"},schema:schema33.type,parentSchema:schema33,data:data22};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data19.reason !== undefined){
let data23 = data19.reason;
if(typeof data23 === "string"){
if(func3(data23) > 500){
const err52 = {instancePath:instancePath+"/acknowledge/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data23};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(func3(data23) < 1){
const err53 = {instancePath:instancePath+"/acknowledge/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data23};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
else {
const err54 = {instancePath:instancePath+"/acknowledge/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data23};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data19.owner !== undefined){
let data24 = data19.owner;
if(typeof data24 === "string"){
if(func3(data24) > 200){
const err55 = {instancePath:instancePath+"/acknowledge/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data24};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(func3(data24) < 1){
const err56 = {instancePath:instancePath+"/acknowledge/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data24};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/acknowledge/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data24};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data19.expires !== undefined){
let data25 = data19.expires;
if(!(keyword0(data25))){
const err58 = {instancePath:instancePath+"/acknowledge/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data25};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(typeof data25 === "string"){
if(!pattern1.test(data25)){
const err59 = {instancePath:instancePath+"/acknowledge/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data25};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/acknowledge/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data25};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/acknowledge/" + i0,schemaPath:"#/properties/acknowledge/items/type",keyword:"type",params:{type: "object"},schema:schema12.properties.acknowledge.items.type,parentSchema:schema12.properties.acknowledge.items,data:data19};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath:instancePath+"/acknowledge",schemaPath:"#/properties/acknowledge/type",keyword:"type",params:{type: "array"},schema:schema12.properties.acknowledge.type,parentSchema:schema12.properties.acknowledge,data:data18};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
else {
const err63 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema12.type,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

export const product = validate23;
const schema37 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"product.schema.json","title":"ProductState","description":"One product: `products/<product>/product.yaml`.","type":"object","additionalProperties":false,"required":["description"],"properties":{"description":{"description":"One line for people: what it is.","type":"string","maxLength":500},"versionScheme":{"description":"How versions are compared and ranges are read: `semver`, or `dotted` (any number of numeric parts, left to right). The release key signs it with each version.","type":"string","enum":["semver","dotted"],"default":"semver"},"paused":{"$ref":"common.schema.json#/$defs/pause"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"minVersion":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"Devices below it update now, past waves and windows."},"ifInstalled":{"description":"A companion: updated only on machines where it is already present.","type":"boolean"},"acknowledge":{"$ref":"common.schema.json#/$defs/acknowledge"}}};

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data !== "boolean"){
const err0 = {instancePath,schemaPath:"#/oneOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema15.oneOf[0].type,parentSchema:schema15.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reason === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "reason"},schema:schema15.oneOf[1].required,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "until"))){
const err2 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err3 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.until !== undefined){
let data1 = data.until;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},schema:schema15.oneOf[1].type,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err10 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema15.oneOf,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate24.errors = vErrors;
return errors === 0;
}


function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 50){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.length < 1){
const err1 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.from === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "from"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.to === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "to"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.reason === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "from") || (key0 === "to")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "except"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.from !== undefined){
let data1 = data0.from;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.to !== undefined){
let data2 = data0.to;
if(!(keyword0(data2))){
const err9 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.owner.type,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.except !== undefined){
let data5 = data0.except;
if(typeof data5 !== "string"){
const err18 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.except.type,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(data5 === "security")){
const err19 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/enum",keyword:"enum",params:{allowedValues: schema24.items.properties.except.enum},schema:schema24.items.properties.except.enum,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema24.items.type,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate26.errors = vErrors;
return errors === 0;
}

const schema46 = {"description":"Warnings about this file that somebody has seen and answers for. They are no longer shown and fail no pipeline, until they expire; one that silences nothing any more is a warning itself. Errors cannot be acknowledged.","type":"array","maxItems":1000,"items":{"title":"AcknowledgementState","description":"Warnings of one rule, acknowledged until a date.","type":"object","additionalProperties":false,"required":["rule","reason","owner","expires"],"properties":{"rule":{"$ref":"common.schema.json#/$defs/ruleId"},"at":{"$ref":"common.schema.json#/$defs/placeInFile"},"reason":{"$ref":"common.schema.json#/$defs/reason"},"owner":{"$ref":"common.schema.json#/$defs/owner"},"expires":{"$ref":"common.schema.json#/$defs/date"}}}};

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 1000){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.rule === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "rule"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.reason === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.owner === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "owner"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.expires === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "expires"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "rule") || (key0 === "at")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "expires"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.rule !== undefined){
let data1 = data0.rule;
if(typeof data1 === "string"){
if(func3(data1) > 100){
const err6 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/maxLength",keyword:"maxLength",params:{limit: 100},schema:100,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/type",keyword:"type",params:{type: "string"},schema:schema32.type,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.at !== undefined){
let data2 = data0.at;
if(typeof data2 === "string"){
if(func3(data2) > 1000){
const err9 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!pattern12.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/pattern",keyword:"pattern",params:{pattern: "^(/([^~/]|~[01])*)+$"},schema:"^(/([^~/]|~[01])*)+$",parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/type",keyword:"type",params:{type: "string"},schema:schema33.type,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.expires !== undefined){
let data5 = data0.expires;
if(!(keyword0(data5))){
const err18 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
const err19 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema46.items.type,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema46.type,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate28.errors = vErrors;
return errors === 0;
}


function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="product.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.description === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "description"},schema:schema37.required,parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "description") || (key0 === "versionScheme")) || (key0 === "paused")) || (key0 === "freeze")) || (key0 === "minVersion")) || (key0 === "ifInstalled")) || (key0 === "acknowledge"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.description !== undefined){
let data0 = data.description;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err2 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema37.properties.description,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},schema:schema37.properties.description.type,parentSchema:schema37.properties.description,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.versionScheme !== undefined){
let data1 = data.versionScheme;
if(typeof data1 !== "string"){
const err4 = {instancePath:instancePath+"/versionScheme",schemaPath:"#/properties/versionScheme/type",keyword:"type",params:{type: "string"},schema:schema37.properties.versionScheme.type,parentSchema:schema37.properties.versionScheme,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!((data1 === "semver") || (data1 === "dotted"))){
const err5 = {instancePath:instancePath+"/versionScheme",schemaPath:"#/properties/versionScheme/enum",keyword:"enum",params:{allowedValues: schema37.properties.versionScheme.enum},schema:schema37.properties.versionScheme.enum,parentSchema:schema37.properties.versionScheme,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.paused !== undefined){
if(!(validate24(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate26(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
if(data.minVersion !== undefined){
let data4 = data.minVersion;
if(typeof data4 === "string"){
if(func3(data4) > 64){
const err6 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data4) < 1){
const err7 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!pattern3.test(data4)){
const err8 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.ifInstalled !== undefined){
let data5 = data.ifInstalled;
if(typeof data5 !== "boolean"){
const err10 = {instancePath:instancePath+"/ifInstalled",schemaPath:"#/properties/ifInstalled/type",keyword:"type",params:{type: "boolean"},schema:schema37.properties.ifInstalled.type,parentSchema:schema37.properties.ifInstalled,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.acknowledge !== undefined){
if(!(validate28(data.acknowledge, {instancePath:instancePath+"/acknowledge",parentData:data,parentDataProperty:"acknowledge",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
}
}
else {
const err11 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema37.type,parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}

export const channel = validate30;
const schema52 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"channel.schema.json","title":"ChannelState","description":"One channel of a product: `products/<product>/channels/<channel>.yaml`.","type":"object","additionalProperties":false,"required":["version"],"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"The version that the channel points to: what its devices are led to."},"minVersion":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"Devices of this channel below it update now, past waves and windows."},"deferAtMost":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"For how long a program that has the agent inside may put an update off, from its first question on; `0s`: not at all. The machine's own `defer_at_most` and the program's limit hold too: the shortest counts."},"paused":{"$ref":"common.schema.json#/$defs/pause"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"rollout":{"title":"RolloutState","description":"How a promotion spreads. Without it, everybody gets it at once.","type":"object","additionalProperties":false,"required":["waves"],"properties":{"strategy":{"$ref":"common.schema.json#/$defs/strategy"},"waves":{"$ref":"common.schema.json#/$defs/waves"},"startsAt":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"Waves count from here where the promotion is earlier. For the version that the channel points to; canaries wait for it too."},"advance":{"description":"What opens the next wave: its time (`time`), or from its time on a person, by a commit that raises `opened` (`manual`), or the gate, once reports prove the waves before it (`healthy`; a person's commit opens it as well).","type":"string","enum":["time","healthy","manual"],"default":"time"},"bySeverity":{"description":"Other waves for urgent releases. Canaries, gate and `startsAt` hold for them too; they open by time.","type":"object","additionalProperties":false,"required":["security"],"properties":{"security":{"title":"SeverityWavesState","description":"The waves of versions whose `severity` is `security`.","type":"object","additionalProperties":false,"required":["waves"],"properties":{"strategy":{"$ref":"common.schema.json#/$defs/strategy"},"waves":{"$ref":"common.schema.json#/$defs/waves"}}}}},"canary":{"title":"CanaryState","description":"Who gets a version at once, before the waves.","type":"object","additionalProperties":false,"properties":{"groups":{"description":"Groups, as `tenant/group`.","type":"array","uniqueItems":true,"maxItems":1000,"items":{"type":"string","pattern":"^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9-]{0,62}$","form":"groupReference"}},"devices":{"description":"Single devices.","type":"array","uniqueItems":true,"maxItems":10000,"items":{"$ref":"common.schema.json#/$defs/deviceId"}},"share":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"The first of each platform, or of each site, by their place in the queue for the version: a share of the fleet, so that canaries cover what it has."},"of":{"description":"What the share has to cover; `fairlead plan --inventory` says where it reaches nobody.","type":"string","enum":["platform","site"],"default":"platform"}}},"gate":{"title":"GateState","description":"When reports halt a rollout, and when they prove it: [the gate](gate.md). `fairlead simulate --runs 200` shows what it would do. A halt is part of the signed policy and ends by a commit: the channel moves on, or `resumed`.","type":"object","additionalProperties":false,"required":["maxFailureRate","minReports"],"properties":{"maxFailureRate":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"The share of devices on which an update may fail. A rollout is halted when the failures could hardly come about within it."},"minReports":{"description":"Reports that are needed before a version is proven. A halt needs no minimum: with a limit of 2% two failures of two halt.","type":"integer","minimum":1,"maximum":1000000},"silentAfter":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"A device that was offered the version and says nothing for this long counts as failed (cause `silent`)."},"confidence":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"How sure the gate is before it halts: a version within `maxFailureRate` is ever halted with a chance of at most the rest to 100%, however often reports come. Above 50% and below 100%. Without it, 95%."},"causes":{"description":"Causes of failure that count, in place of those that speak against the release (`self-test-failed` to `silent` in this list). A failure of another cause is shown and left out of the rate; one without a known cause always counts.","type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string","enum":["self-test-failed","confirm-failed","bad-binary","crash-loop","wrong-arch","restart-race","silent","disk-full","network","not-writable","noexec","tls-interception","antivirus","locked","clock-skew","interrupted"]}},"maxTenantShare":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"How much of the failures one tenant may have: a tenant with more counts in part, so that nobody halts the fleet alone. What would halt but for it waits for a person. Without effect where only one tenant takes part. Without it, 50%."},"checks":{"description":"What else must hold while the version spreads, so that one that installs well and works badly is stopped too. The controller asks; a failed check halts, and without an answer nothing is proven.","type":"array","minItems":1,"maxItems":20,"items":{"title":"CheckState","description":"One question about the running version: a Prometheus query or an HTTP probe, one of the two.","type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"allOf":[{"$ref":"common.schema.json#/$defs/scopeName"}],"description":"What messages call it; each name once."},"prometheus":{"title":"PrometheusCheckState","description":"An instant query. Its answer is one number: a scalar, or a vector with one sample; another answer, or none, is inconclusive.","type":"object","additionalProperties":false,"required":["query","threshold"],"properties":{"url":{"description":"The Prometheus server, as the controller reaches it. Without it, the one that the controller is set to. Without user and password: the controller's settings hold them.","type":"string","maxLength":2000},"query":{"description":"PromQL. `{{product}}`, `{{channel}}` and `{{version}}` stand for what is rolled out.","type":"string","minLength":1,"maxLength":4000},"threshold":{"title":"ThresholdState","description":"Within what the number passes, both ends included.","type":"object","additionalProperties":false,"properties":{"min":{"description":"It must be at least this.","type":"number"},"max":{"description":"It must be at most this.","type":"number"}}}}},"http":{"title":"HttpCheckState","description":"A GET request. Another status fails; no answer is inconclusive.","type":"object","additionalProperties":false,"required":["url"],"properties":{"url":{"description":"What to ask, as the controller reaches it; `{{product}}`, `{{channel}}` and `{{version}}` stand for what is rolled out.","type":"string","maxLength":2000},"status":{"description":"The status that passes; without it, 200 to 299.","type":"integer","minimum":100,"maximum":599}}},"window":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"For how long it must have failed without a break before it halts, so that one bad moment does not.","default":"5m"}}}}}}}},"rollback":{"title":"RollbackState","description":"A declared downgrade: devices on exactly these versions may go down to what the channel offers.","type":"object","additionalProperties":false,"required":["from"],"properties":{"from":{"description":"The versions to leave.","type":"array","minItems":1,"maxItems":100,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/version"}},"reason":{"$ref":"common.schema.json#/$defs/reason"}}},"halted":{"title":"HaltState","description":"The rollout of this version is stopped: nobody else gets it.","type":"object","additionalProperties":false,"required":["version","reason"],"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"The version that is stopped. This ends when the channel points to another, or with a commit that removes it; a halt by the gate holds beside it (`resumed`)."},"reason":{"$ref":"common.schema.json#/$defs/reason"}}},"resumed":{"title":"ResumedState","description":"Somebody has looked at a halt by the gate, and this version goes on: halts up to `at` have ended, and the gate counts only what devices report after it. It may halt again. `fairlead resume --halt` writes it. For another version it has no effect.","type":"object","additionalProperties":false,"required":["version","at","reason"],"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"The version that goes on."},"at":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"Until when reports were looked at: halts of later ones hold."},"reason":{"allOf":[{"$ref":"common.schema.json#/$defs/reason"}]}}},"opened":{"title":"OpenedState","description":"How many waves of this version a person has opened; for `rollout.advance` other than `time`. With `healthy` the gate opens more by itself. `fairlead advance` writes it. For another version it has no effect.","type":"object","additionalProperties":false,"required":["version","waves"],"properties":{"version":{"$ref":"common.schema.json#/$defs/version"},"waves":{"description":"Waves that are open, counted from the first.","type":"integer","minimum":0,"maximum":100}}},"promotion":{"title":"PromotionState","description":"When this channel should follow another: what `fairlead promote --due` proposes, and the controller itself with `propose: branch`.","type":"object","additionalProperties":false,"required":["from"],"properties":{"from":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that it follows."},"soak":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"How long a version must have been in that channel."},"minHealthy":{"description":"Devices that must have proved the version healthy.","type":"integer","minimum":0,"maximum":1000000}}},"via":{"description":"Stepping stones to a version that accepts only newer ones: versions that the channel never pointed to and may lead machines through all the same.","type":"array","minItems":1,"maxItems":100,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/version"}},"staleAfter":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"Warn when `promotion.from` has moved on and this channel has not for this long."},"acknowledge":{"$ref":"common.schema.json#/$defs/acknowledge"}}};
const schema63 = {"description":"`steps` opens a wave at once, `linear` evenly over the time since the wave before.","type":"string","enum":["steps","linear"],"default":"steps"};
const schema69 = {"description":"The id of one device, as `fairlead-agent status` shows it.","form":"deviceId","type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"};
const schema65 = {"description":"A percentage from 0 to 100, as a number or with a sign: `2`, `0.5`, `2%`. At most four decimals.","form":"percent","type":["number","string"],"minimum":0,"maximum":100,"pattern":"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"};
const schema75 = {"description":"The name of a channel, product, site or group.","form":"name","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"};
const func0 = equal.default;
const pattern29 = new RegExp("^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9-]{0,62}$", "u");
const pattern30 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$", "u");
const pattern26 = new RegExp("^[0-9]{1,3}(\\.[0-9]{1,4})?%?$", "u");
const keyword16 = forms["percent"];

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data !== "boolean"){
const err0 = {instancePath,schemaPath:"#/oneOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema15.oneOf[0].type,parentSchema:schema15.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reason === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "reason"},schema:schema15.oneOf[1].required,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "until"))){
const err2 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err3 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.until !== undefined){
let data1 = data.until;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},schema:schema15.oneOf[1].type,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err10 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema15.oneOf,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate31.errors = vErrors;
return errors === 0;
}


function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 50){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.length < 1){
const err1 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.from === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "from"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.to === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "to"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.reason === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "from") || (key0 === "to")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "except"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.from !== undefined){
let data1 = data0.from;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.to !== undefined){
let data2 = data0.to;
if(!(keyword0(data2))){
const err9 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.owner.type,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.except !== undefined){
let data5 = data0.except;
if(typeof data5 !== "string"){
const err18 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.except.type,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(data5 === "security")){
const err19 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/enum",keyword:"enum",params:{allowedValues: schema24.items.properties.except.enum},schema:schema24.items.properties.except.enum,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema24.items.type,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate33.errors = vErrors;
return errors === 0;
}

const schema64 = {"description":"Cumulative, ascending in both numbers, and ending at 100 percent.","type":"array","minItems":1,"maxItems":100,"items":{"title":"WaveState","description":"From `after` past the promotion on, `percent` of the fleet may have the version.","type":"object","additionalProperties":false,"required":["percent","after"],"properties":{"percent":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"The share of the fleet that may have the version from then on, counted from the first wave."},"after":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"When the wave opens, counted from the promotion."}}}};

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 100){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.length < 1){
const err1 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.percent === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "percent"},schema:schema64.items.required,parentSchema:schema64.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.after === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "after"},schema:schema64.items.required,parentSchema:schema64.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data0){
if(!((key0 === "percent") || (key0 === "after"))){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema64.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data0.percent !== undefined){
let data1 = data0.percent;
if((!((typeof data1 == "number") && (isFinite(data1)))) && (typeof data1 !== "string")){
const err5 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema65.type},schema:schema65.type,parentSchema:schema65,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(keyword16(data1))){
const err6 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema65,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 100 || isNaN(data1)){
const err7 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema65,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data1 < 0 || isNaN(data1)){
const err8 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema65,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(typeof data1 === "string"){
if(!pattern26.test(data1)){
const err9 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema65,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
if(data0.after !== undefined){
let data2 = data0.after;
if(!(keyword1(data2))){
const err10 = {instancePath:instancePath+"/" + i0+"/after",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern2.test(data2)){
const err11 = {instancePath:instancePath+"/" + i0+"/after",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/" + i0+"/after",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema64.items.type,parentSchema:schema64.items,data:data0};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema64.type,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
validate35.errors = vErrors;
return errors === 0;
}


function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 1000){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.rule === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "rule"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.reason === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.owner === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "owner"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.expires === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "expires"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "rule") || (key0 === "at")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "expires"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.rule !== undefined){
let data1 = data0.rule;
if(typeof data1 === "string"){
if(func3(data1) > 100){
const err6 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/maxLength",keyword:"maxLength",params:{limit: 100},schema:100,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/type",keyword:"type",params:{type: "string"},schema:schema32.type,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.at !== undefined){
let data2 = data0.at;
if(typeof data2 === "string"){
if(func3(data2) > 1000){
const err9 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!pattern12.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/pattern",keyword:"pattern",params:{pattern: "^(/([^~/]|~[01])*)+$"},schema:"^(/([^~/]|~[01])*)+$",parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/type",keyword:"type",params:{type: "string"},schema:schema33.type,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.expires !== undefined){
let data5 = data0.expires;
if(!(keyword0(data5))){
const err18 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
const err19 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema46.items.type,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema46.type,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate38.errors = vErrors;
return errors === 0;
}


function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="channel.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},schema:schema52.required,parentSchema:schema52,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema52.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema52,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.version !== undefined){
let data0 = data.version;
if(typeof data0 === "string"){
if(func3(data0) > 64){
const err2 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func3(data0) < 1){
const err3 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern3.test(data0)){
const err4 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.minVersion !== undefined){
let data1 = data.minVersion;
if(typeof data1 === "string"){
if(func3(data1) > 64){
const err6 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!pattern3.test(data1)){
const err8 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/minVersion",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.deferAtMost !== undefined){
let data2 = data.deferAtMost;
if(!(keyword1(data2))){
const err10 = {instancePath:instancePath+"/deferAtMost",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern2.test(data2)){
const err11 = {instancePath:instancePath+"/deferAtMost",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/deferAtMost",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.paused !== undefined){
if(!(validate31(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate33(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.rollout !== undefined){
let data5 = data.rollout;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.waves === undefined){
const err13 = {instancePath:instancePath+"/rollout",schemaPath:"#/properties/rollout/required",keyword:"required",params:{missingProperty: "waves"},schema:schema52.properties.rollout.required,parentSchema:schema52.properties.rollout,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key1 in data5){
if(!(((((((key1 === "strategy") || (key1 === "waves")) || (key1 === "startsAt")) || (key1 === "advance")) || (key1 === "bySeverity")) || (key1 === "canary")) || (key1 === "gate"))){
const err14 = {instancePath:instancePath+"/rollout",schemaPath:"#/properties/rollout/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema52.properties.rollout,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data5.strategy !== undefined){
let data6 = data5.strategy;
if(typeof data6 !== "string"){
const err15 = {instancePath:instancePath+"/rollout/strategy",schemaPath:"common.schema.json#/$defs/strategy/type",keyword:"type",params:{type: "string"},schema:schema63.type,parentSchema:schema63,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(!((data6 === "steps") || (data6 === "linear"))){
const err16 = {instancePath:instancePath+"/rollout/strategy",schemaPath:"common.schema.json#/$defs/strategy/enum",keyword:"enum",params:{allowedValues: schema63.enum},schema:schema63.enum,parentSchema:schema63,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data5.waves !== undefined){
if(!(validate35(data5.waves, {instancePath:instancePath+"/rollout/waves",parentData:data5,parentDataProperty:"waves",rootData}))){
vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors);
errors = vErrors.length;
}
}
if(data5.startsAt !== undefined){
let data8 = data5.startsAt;
if(!(keyword0(data8))){
const err17 = {instancePath:instancePath+"/rollout/startsAt",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
const err18 = {instancePath:instancePath+"/rollout/startsAt",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data8};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/rollout/startsAt",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data8};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data5.advance !== undefined){
let data9 = data5.advance;
if(typeof data9 !== "string"){
const err20 = {instancePath:instancePath+"/rollout/advance",schemaPath:"#/properties/rollout/properties/advance/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.advance.type,parentSchema:schema52.properties.rollout.properties.advance,data:data9};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(!(((data9 === "time") || (data9 === "healthy")) || (data9 === "manual"))){
const err21 = {instancePath:instancePath+"/rollout/advance",schemaPath:"#/properties/rollout/properties/advance/enum",keyword:"enum",params:{allowedValues: schema52.properties.rollout.properties.advance.enum},schema:schema52.properties.rollout.properties.advance.enum,parentSchema:schema52.properties.rollout.properties.advance,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data5.bySeverity !== undefined){
let data10 = data5.bySeverity;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.security === undefined){
const err22 = {instancePath:instancePath+"/rollout/bySeverity",schemaPath:"#/properties/rollout/properties/bySeverity/required",keyword:"required",params:{missingProperty: "security"},schema:schema52.properties.rollout.properties.bySeverity.required,parentSchema:schema52.properties.rollout.properties.bySeverity,data:data10};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
for(const key2 in data10){
if(!(key2 === "security")){
const err23 = {instancePath:instancePath+"/rollout/bySeverity",schemaPath:"#/properties/rollout/properties/bySeverity/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema52.properties.rollout.properties.bySeverity,data:data10};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data10.security !== undefined){
let data11 = data10.security;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
if(data11.waves === undefined){
const err24 = {instancePath:instancePath+"/rollout/bySeverity/security",schemaPath:"#/properties/rollout/properties/bySeverity/properties/security/required",keyword:"required",params:{missingProperty: "waves"},schema:schema52.properties.rollout.properties.bySeverity.properties.security.required,parentSchema:schema52.properties.rollout.properties.bySeverity.properties.security,data:data11};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
for(const key3 in data11){
if(!((key3 === "strategy") || (key3 === "waves"))){
const err25 = {instancePath:instancePath+"/rollout/bySeverity/security",schemaPath:"#/properties/rollout/properties/bySeverity/properties/security/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},schema:false,parentSchema:schema52.properties.rollout.properties.bySeverity.properties.security,data:data11};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data11.strategy !== undefined){
let data12 = data11.strategy;
if(typeof data12 !== "string"){
const err26 = {instancePath:instancePath+"/rollout/bySeverity/security/strategy",schemaPath:"common.schema.json#/$defs/strategy/type",keyword:"type",params:{type: "string"},schema:schema63.type,parentSchema:schema63,data:data12};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(!((data12 === "steps") || (data12 === "linear"))){
const err27 = {instancePath:instancePath+"/rollout/bySeverity/security/strategy",schemaPath:"common.schema.json#/$defs/strategy/enum",keyword:"enum",params:{allowedValues: schema63.enum},schema:schema63.enum,parentSchema:schema63,data:data12};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data11.waves !== undefined){
if(!(validate35(data11.waves, {instancePath:instancePath+"/rollout/bySeverity/security/waves",parentData:data11,parentDataProperty:"waves",rootData}))){
vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors);
errors = vErrors.length;
}
}
}
else {
const err28 = {instancePath:instancePath+"/rollout/bySeverity/security",schemaPath:"#/properties/rollout/properties/bySeverity/properties/security/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.bySeverity.properties.security.type,parentSchema:schema52.properties.rollout.properties.bySeverity.properties.security,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/rollout/bySeverity",schemaPath:"#/properties/rollout/properties/bySeverity/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.bySeverity.type,parentSchema:schema52.properties.rollout.properties.bySeverity,data:data10};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data5.canary !== undefined){
let data14 = data5.canary;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key4 in data14){
if(!((((key4 === "groups") || (key4 === "devices")) || (key4 === "share")) || (key4 === "of"))){
const err30 = {instancePath:instancePath+"/rollout/canary",schemaPath:"#/properties/rollout/properties/canary/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},schema:false,parentSchema:schema52.properties.rollout.properties.canary,data:data14};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data14.groups !== undefined){
let data15 = data14.groups;
if(Array.isArray(data15)){
if(data15.length > 1000){
const err31 = {instancePath:instancePath+"/rollout/canary/groups",schemaPath:"#/properties/rollout/properties/canary/properties/groups/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema52.properties.rollout.properties.canary.properties.groups,data:data15};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
const len0 = data15.length;
for(let i0=0; i0<len0; i0++){
let data16 = data15[i0];
if(typeof data16 === "string"){
if(!pattern29.test(data16)){
const err32 = {instancePath:instancePath+"/rollout/canary/groups/" + i0,schemaPath:"#/properties/rollout/properties/canary/properties/groups/items/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9-]{0,62}$",parentSchema:schema52.properties.rollout.properties.canary.properties.groups.items,data:data16};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/rollout/canary/groups/" + i0,schemaPath:"#/properties/rollout/properties/canary/properties/groups/items/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.canary.properties.groups.items.type,parentSchema:schema52.properties.rollout.properties.canary.properties.groups.items,data:data16};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
let i1 = data15.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data15[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err34 = {instancePath:instancePath+"/rollout/canary/groups",schemaPath:"#/properties/rollout/properties/canary/properties/groups/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema52.properties.rollout.properties.canary.properties.groups,data:data15};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err35 = {instancePath:instancePath+"/rollout/canary/groups",schemaPath:"#/properties/rollout/properties/canary/properties/groups/type",keyword:"type",params:{type: "array"},schema:schema52.properties.rollout.properties.canary.properties.groups.type,parentSchema:schema52.properties.rollout.properties.canary.properties.groups,data:data15};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data14.devices !== undefined){
let data17 = data14.devices;
if(Array.isArray(data17)){
if(data17.length > 10000){
const err36 = {instancePath:instancePath+"/rollout/canary/devices",schemaPath:"#/properties/rollout/properties/canary/properties/devices/maxItems",keyword:"maxItems",params:{limit: 10000},schema:10000,parentSchema:schema52.properties.rollout.properties.canary.properties.devices,data:data17};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
const len1 = data17.length;
for(let i2=0; i2<len1; i2++){
let data18 = data17[i2];
if(typeof data18 === "string"){
if(!pattern30.test(data18)){
const err37 = {instancePath:instancePath+"/rollout/canary/devices/" + i2,schemaPath:"common.schema.json#/$defs/deviceId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",parentSchema:schema69,data:data18};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/rollout/canary/devices/" + i2,schemaPath:"common.schema.json#/$defs/deviceId/type",keyword:"type",params:{type: "string"},schema:schema69.type,parentSchema:schema69,data:data18};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
let i3 = data17.length;
let j1;
if(i3 > 1){
outer0:
for(;i3--;){
for(j1 = i3; j1--;){
if(func0(data17[i3], data17[j1])){
const err39 = {instancePath:instancePath+"/rollout/canary/devices",schemaPath:"#/properties/rollout/properties/canary/properties/devices/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},schema:true,parentSchema:schema52.properties.rollout.properties.canary.properties.devices,data:data17};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err40 = {instancePath:instancePath+"/rollout/canary/devices",schemaPath:"#/properties/rollout/properties/canary/properties/devices/type",keyword:"type",params:{type: "array"},schema:schema52.properties.rollout.properties.canary.properties.devices.type,parentSchema:schema52.properties.rollout.properties.canary.properties.devices,data:data17};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data14.share !== undefined){
let data19 = data14.share;
if((!((typeof data19 == "number") && (isFinite(data19)))) && (typeof data19 !== "string")){
const err41 = {instancePath:instancePath+"/rollout/canary/share",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema65.type},schema:schema65.type,parentSchema:schema65,data:data19};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(!(keyword16(data19))){
const err42 = {instancePath:instancePath+"/rollout/canary/share",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema65,data:data19};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 100 || isNaN(data19)){
const err43 = {instancePath:instancePath+"/rollout/canary/share",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema65,data:data19};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(data19 < 0 || isNaN(data19)){
const err44 = {instancePath:instancePath+"/rollout/canary/share",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema65,data:data19};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(typeof data19 === "string"){
if(!pattern26.test(data19)){
const err45 = {instancePath:instancePath+"/rollout/canary/share",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema65,data:data19};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
if(data14.of !== undefined){
let data20 = data14.of;
if(typeof data20 !== "string"){
const err46 = {instancePath:instancePath+"/rollout/canary/of",schemaPath:"#/properties/rollout/properties/canary/properties/of/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.canary.properties.of.type,parentSchema:schema52.properties.rollout.properties.canary.properties.of,data:data20};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(!((data20 === "platform") || (data20 === "site"))){
const err47 = {instancePath:instancePath+"/rollout/canary/of",schemaPath:"#/properties/rollout/properties/canary/properties/of/enum",keyword:"enum",params:{allowedValues: schema52.properties.rollout.properties.canary.properties.of.enum},schema:schema52.properties.rollout.properties.canary.properties.of.enum,parentSchema:schema52.properties.rollout.properties.canary.properties.of,data:data20};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
}
else {
const err48 = {instancePath:instancePath+"/rollout/canary",schemaPath:"#/properties/rollout/properties/canary/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.canary.type,parentSchema:schema52.properties.rollout.properties.canary,data:data14};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data5.gate !== undefined){
let data21 = data5.gate;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(data21.maxFailureRate === undefined){
const err49 = {instancePath:instancePath+"/rollout/gate",schemaPath:"#/properties/rollout/properties/gate/required",keyword:"required",params:{missingProperty: "maxFailureRate"},schema:schema52.properties.rollout.properties.gate.required,parentSchema:schema52.properties.rollout.properties.gate,data:data21};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data21.minReports === undefined){
const err50 = {instancePath:instancePath+"/rollout/gate",schemaPath:"#/properties/rollout/properties/gate/required",keyword:"required",params:{missingProperty: "minReports"},schema:schema52.properties.rollout.properties.gate.required,parentSchema:schema52.properties.rollout.properties.gate,data:data21};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
for(const key5 in data21){
if(!(((((((key5 === "maxFailureRate") || (key5 === "minReports")) || (key5 === "silentAfter")) || (key5 === "confidence")) || (key5 === "causes")) || (key5 === "maxTenantShare")) || (key5 === "checks"))){
const err51 = {instancePath:instancePath+"/rollout/gate",schemaPath:"#/properties/rollout/properties/gate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},schema:false,parentSchema:schema52.properties.rollout.properties.gate,data:data21};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data21.maxFailureRate !== undefined){
let data22 = data21.maxFailureRate;
if((!((typeof data22 == "number") && (isFinite(data22)))) && (typeof data22 !== "string")){
const err52 = {instancePath:instancePath+"/rollout/gate/maxFailureRate",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema65.type},schema:schema65.type,parentSchema:schema65,data:data22};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(!(keyword16(data22))){
const err53 = {instancePath:instancePath+"/rollout/gate/maxFailureRate",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema65,data:data22};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 > 100 || isNaN(data22)){
const err54 = {instancePath:instancePath+"/rollout/gate/maxFailureRate",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema65,data:data22};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data22 < 0 || isNaN(data22)){
const err55 = {instancePath:instancePath+"/rollout/gate/maxFailureRate",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema65,data:data22};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(typeof data22 === "string"){
if(!pattern26.test(data22)){
const err56 = {instancePath:instancePath+"/rollout/gate/maxFailureRate",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema65,data:data22};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
if(data21.minReports !== undefined){
let data23 = data21.minReports;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
const err57 = {instancePath:instancePath+"/rollout/gate/minReports",schemaPath:"#/properties/rollout/properties/gate/properties/minReports/type",keyword:"type",params:{type: "integer"},schema:schema52.properties.rollout.properties.gate.properties.minReports.type,parentSchema:schema52.properties.rollout.properties.gate.properties.minReports,data:data23};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 > 1000000 || isNaN(data23)){
const err58 = {instancePath:instancePath+"/rollout/gate/minReports",schemaPath:"#/properties/rollout/properties/gate/properties/minReports/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},schema:1000000,parentSchema:schema52.properties.rollout.properties.gate.properties.minReports,data:data23};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(data23 < 1 || isNaN(data23)){
const err59 = {instancePath:instancePath+"/rollout/gate/minReports",schemaPath:"#/properties/rollout/properties/gate/properties/minReports/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema52.properties.rollout.properties.gate.properties.minReports,data:data23};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
}
if(data21.silentAfter !== undefined){
let data24 = data21.silentAfter;
if(!(keyword1(data24))){
const err60 = {instancePath:instancePath+"/rollout/gate/silentAfter",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data24};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(typeof data24 === "string"){
if(!pattern2.test(data24)){
const err61 = {instancePath:instancePath+"/rollout/gate/silentAfter",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data24};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
else {
const err62 = {instancePath:instancePath+"/rollout/gate/silentAfter",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data24};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data21.confidence !== undefined){
let data25 = data21.confidence;
if((!((typeof data25 == "number") && (isFinite(data25)))) && (typeof data25 !== "string")){
const err63 = {instancePath:instancePath+"/rollout/gate/confidence",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema65.type},schema:schema65.type,parentSchema:schema65,data:data25};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(!(keyword16(data25))){
const err64 = {instancePath:instancePath+"/rollout/gate/confidence",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema65,data:data25};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 100 || isNaN(data25)){
const err65 = {instancePath:instancePath+"/rollout/gate/confidence",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema65,data:data25};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data25 < 0 || isNaN(data25)){
const err66 = {instancePath:instancePath+"/rollout/gate/confidence",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema65,data:data25};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(typeof data25 === "string"){
if(!pattern26.test(data25)){
const err67 = {instancePath:instancePath+"/rollout/gate/confidence",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema65,data:data25};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
}
if(data21.causes !== undefined){
let data26 = data21.causes;
if(Array.isArray(data26)){
if(data26.length < 1){
const err68 = {instancePath:instancePath+"/rollout/gate/causes",schemaPath:"#/properties/rollout/properties/gate/properties/causes/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema52.properties.rollout.properties.gate.properties.causes,data:data26};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
const len2 = data26.length;
for(let i4=0; i4<len2; i4++){
let data27 = data26[i4];
if(typeof data27 !== "string"){
const err69 = {instancePath:instancePath+"/rollout/gate/causes/" + i4,schemaPath:"#/properties/rollout/properties/gate/properties/causes/items/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.gate.properties.causes.items.type,parentSchema:schema52.properties.rollout.properties.gate.properties.causes.items,data:data27};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
if(!((((((((((((((((data27 === "self-test-failed") || (data27 === "confirm-failed")) || (data27 === "bad-binary")) || (data27 === "crash-loop")) || (data27 === "wrong-arch")) || (data27 === "restart-race")) || (data27 === "silent")) || (data27 === "disk-full")) || (data27 === "network")) || (data27 === "not-writable")) || (data27 === "noexec")) || (data27 === "tls-interception")) || (data27 === "antivirus")) || (data27 === "locked")) || (data27 === "clock-skew")) || (data27 === "interrupted"))){
const err70 = {instancePath:instancePath+"/rollout/gate/causes/" + i4,schemaPath:"#/properties/rollout/properties/gate/properties/causes/items/enum",keyword:"enum",params:{allowedValues: schema52.properties.rollout.properties.gate.properties.causes.items.enum},schema:schema52.properties.rollout.properties.gate.properties.causes.items.enum,parentSchema:schema52.properties.rollout.properties.gate.properties.causes.items,data:data27};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
let i5 = data26.length;
let j2;
if(i5 > 1){
const indices1 = {};
for(;i5--;){
let item1 = data26[i5];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j2 = indices1[item1];
const err71 = {instancePath:instancePath+"/rollout/gate/causes",schemaPath:"#/properties/rollout/properties/gate/properties/causes/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},schema:true,parentSchema:schema52.properties.rollout.properties.gate.properties.causes,data:data26};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
break;
}
indices1[item1] = i5;
}
}
}
else {
const err72 = {instancePath:instancePath+"/rollout/gate/causes",schemaPath:"#/properties/rollout/properties/gate/properties/causes/type",keyword:"type",params:{type: "array"},schema:schema52.properties.rollout.properties.gate.properties.causes.type,parentSchema:schema52.properties.rollout.properties.gate.properties.causes,data:data26};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data21.maxTenantShare !== undefined){
let data28 = data21.maxTenantShare;
if((!((typeof data28 == "number") && (isFinite(data28)))) && (typeof data28 !== "string")){
const err73 = {instancePath:instancePath+"/rollout/gate/maxTenantShare",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema65.type},schema:schema65.type,parentSchema:schema65,data:data28};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if(!(keyword16(data28))){
const err74 = {instancePath:instancePath+"/rollout/gate/maxTenantShare",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema65,data:data28};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 100 || isNaN(data28)){
const err75 = {instancePath:instancePath+"/rollout/gate/maxTenantShare",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema65,data:data28};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(data28 < 0 || isNaN(data28)){
const err76 = {instancePath:instancePath+"/rollout/gate/maxTenantShare",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema65,data:data28};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(typeof data28 === "string"){
if(!pattern26.test(data28)){
const err77 = {instancePath:instancePath+"/rollout/gate/maxTenantShare",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema65,data:data28};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
if(data21.checks !== undefined){
let data29 = data21.checks;
if(Array.isArray(data29)){
if(data29.length > 20){
const err78 = {instancePath:instancePath+"/rollout/gate/checks",schemaPath:"#/properties/rollout/properties/gate/properties/checks/maxItems",keyword:"maxItems",params:{limit: 20},schema:20,parentSchema:schema52.properties.rollout.properties.gate.properties.checks,data:data29};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(data29.length < 1){
const err79 = {instancePath:instancePath+"/rollout/gate/checks",schemaPath:"#/properties/rollout/properties/gate/properties/checks/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema52.properties.rollout.properties.gate.properties.checks,data:data29};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
const len3 = data29.length;
for(let i6=0; i6<len3; i6++){
let data30 = data29[i6];
if(data30 && typeof data30 == "object" && !Array.isArray(data30)){
if(data30.name === undefined){
const err80 = {instancePath:instancePath+"/rollout/gate/checks/" + i6,schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/required",keyword:"required",params:{missingProperty: "name"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.required,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items,data:data30};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
for(const key6 in data30){
if(!((((key6 === "name") || (key6 === "prometheus")) || (key6 === "http")) || (key6 === "window"))){
const err81 = {instancePath:instancePath+"/rollout/gate/checks/" + i6,schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},schema:false,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items,data:data30};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data30.name !== undefined){
let data31 = data30.name;
if(typeof data31 === "string"){
if(!pattern9.test(data31)){
const err82 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/name",schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data31};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/name",schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data31};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data30.prometheus !== undefined){
let data32 = data30.prometheus;
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.query === undefined){
const err84 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/required",keyword:"required",params:{missingProperty: "query"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.required,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus,data:data32};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(data32.threshold === undefined){
const err85 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/required",keyword:"required",params:{missingProperty: "threshold"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.required,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus,data:data32};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
for(const key7 in data32){
if(!(((key7 === "url") || (key7 === "query")) || (key7 === "threshold"))){
const err86 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},schema:false,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus,data:data32};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data32.url !== undefined){
let data33 = data32.url;
if(typeof data33 === "string"){
if(func3(data33) > 2000){
const err87 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/url",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/url/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.url,data:data33};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
else {
const err88 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/url",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/url/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.url.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.url,data:data33};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data32.query !== undefined){
let data34 = data32.query;
if(typeof data34 === "string"){
if(func3(data34) > 4000){
const err89 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/query",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/query/maxLength",keyword:"maxLength",params:{limit: 4000},schema:4000,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.query,data:data34};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(func3(data34) < 1){
const err90 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/query",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/query/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.query,data:data34};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/query",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/query/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.query.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.query,data:data34};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data32.threshold !== undefined){
let data35 = data32.threshold;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
for(const key8 in data35){
if(!((key8 === "min") || (key8 === "max"))){
const err92 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/threshold",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/threshold/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},schema:false,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold,data:data35};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data35.min !== undefined){
let data36 = data35.min;
if(!((typeof data36 == "number") && (isFinite(data36)))){
const err93 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/threshold/min",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/threshold/properties/min/type",keyword:"type",params:{type: "number"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold.properties.min.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold.properties.min,data:data36};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data35.max !== undefined){
let data37 = data35.max;
if(!((typeof data37 == "number") && (isFinite(data37)))){
const err94 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/threshold/max",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/threshold/properties/max/type",keyword:"type",params:{type: "number"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold.properties.max.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold.properties.max,data:data37};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
}
else {
const err95 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus/threshold",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/properties/threshold/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.properties.threshold,data:data35};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
}
else {
const err96 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/prometheus",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/prometheus/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.prometheus,data:data32};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data30.http !== undefined){
let data38 = data30.http;
if(data38 && typeof data38 == "object" && !Array.isArray(data38)){
if(data38.url === undefined){
const err97 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/required",keyword:"required",params:{missingProperty: "url"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.required,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http,data:data38};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
for(const key9 in data38){
if(!((key9 === "url") || (key9 === "status"))){
const err98 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},schema:false,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http,data:data38};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data38.url !== undefined){
let data39 = data38.url;
if(typeof data39 === "string"){
if(func3(data39) > 2000){
const err99 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http/url",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/properties/url/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.url,data:data39};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
else {
const err100 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http/url",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/properties/url/type",keyword:"type",params:{type: "string"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.url.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.url,data:data39};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
if(data38.status !== undefined){
let data40 = data38.status;
if(!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))){
const err101 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http/status",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/properties/status/type",keyword:"type",params:{type: "integer"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.status.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.status,data:data40};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 > 599 || isNaN(data40)){
const err102 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http/status",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/properties/status/maximum",keyword:"maximum",params:{comparison: "<=", limit: 599},schema:599,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.status,data:data40};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(data40 < 100 || isNaN(data40)){
const err103 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http/status",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/properties/status/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},schema:100,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.properties.status,data:data40};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
}
else {
const err104 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/http",schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/properties/http/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items.properties.http,data:data38};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
if(data30.window !== undefined){
let data41 = data30.window;
if(!(keyword1(data41))){
const err105 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/window",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data41};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(typeof data41 === "string"){
if(!pattern2.test(data41)){
const err106 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/window",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data41};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
else {
const err107 = {instancePath:instancePath+"/rollout/gate/checks/" + i6+"/window",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data41};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
}
else {
const err108 = {instancePath:instancePath+"/rollout/gate/checks/" + i6,schemaPath:"#/properties/rollout/properties/gate/properties/checks/items/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.gate.properties.checks.items.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks.items,data:data30};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
else {
const err109 = {instancePath:instancePath+"/rollout/gate/checks",schemaPath:"#/properties/rollout/properties/gate/properties/checks/type",keyword:"type",params:{type: "array"},schema:schema52.properties.rollout.properties.gate.properties.checks.type,parentSchema:schema52.properties.rollout.properties.gate.properties.checks,data:data29};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
}
else {
const err110 = {instancePath:instancePath+"/rollout/gate",schemaPath:"#/properties/rollout/properties/gate/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.properties.gate.type,parentSchema:schema52.properties.rollout.properties.gate,data:data21};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
}
else {
const err111 = {instancePath:instancePath+"/rollout",schemaPath:"#/properties/rollout/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollout.type,parentSchema:schema52.properties.rollout,data:data5};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data.rollback !== undefined){
let data42 = data.rollback;
if(data42 && typeof data42 == "object" && !Array.isArray(data42)){
if(data42.from === undefined){
const err112 = {instancePath:instancePath+"/rollback",schemaPath:"#/properties/rollback/required",keyword:"required",params:{missingProperty: "from"},schema:schema52.properties.rollback.required,parentSchema:schema52.properties.rollback,data:data42};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
for(const key10 in data42){
if(!((key10 === "from") || (key10 === "reason"))){
const err113 = {instancePath:instancePath+"/rollback",schemaPath:"#/properties/rollback/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},schema:false,parentSchema:schema52.properties.rollback,data:data42};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data42.from !== undefined){
let data43 = data42.from;
if(Array.isArray(data43)){
if(data43.length > 100){
const err114 = {instancePath:instancePath+"/rollback/from",schemaPath:"#/properties/rollback/properties/from/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema52.properties.rollback.properties.from,data:data43};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(data43.length < 1){
const err115 = {instancePath:instancePath+"/rollback/from",schemaPath:"#/properties/rollback/properties/from/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema52.properties.rollback.properties.from,data:data43};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
const len4 = data43.length;
for(let i7=0; i7<len4; i7++){
let data44 = data43[i7];
if(typeof data44 === "string"){
if(func3(data44) > 64){
const err116 = {instancePath:instancePath+"/rollback/from/" + i7,schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data44};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(func3(data44) < 1){
const err117 = {instancePath:instancePath+"/rollback/from/" + i7,schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data44};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(!pattern3.test(data44)){
const err118 = {instancePath:instancePath+"/rollback/from/" + i7,schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data44};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
else {
const err119 = {instancePath:instancePath+"/rollback/from/" + i7,schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data44};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
let i8 = data43.length;
let j3;
if(i8 > 1){
outer1:
for(;i8--;){
for(j3 = i8; j3--;){
if(func0(data43[i8], data43[j3])){
const err120 = {instancePath:instancePath+"/rollback/from",schemaPath:"#/properties/rollback/properties/from/uniqueItems",keyword:"uniqueItems",params:{i: i8, j: j3},schema:true,parentSchema:schema52.properties.rollback.properties.from,data:data43};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
break outer1;
}
}
}
}
}
else {
const err121 = {instancePath:instancePath+"/rollback/from",schemaPath:"#/properties/rollback/properties/from/type",keyword:"type",params:{type: "array"},schema:schema52.properties.rollback.properties.from.type,parentSchema:schema52.properties.rollback.properties.from,data:data43};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data42.reason !== undefined){
let data45 = data42.reason;
if(typeof data45 === "string"){
if(func3(data45) > 500){
const err122 = {instancePath:instancePath+"/rollback/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data45};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(func3(data45) < 1){
const err123 = {instancePath:instancePath+"/rollback/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data45};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/rollback/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data45};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
}
else {
const err125 = {instancePath:instancePath+"/rollback",schemaPath:"#/properties/rollback/type",keyword:"type",params:{type: "object"},schema:schema52.properties.rollback.type,parentSchema:schema52.properties.rollback,data:data42};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(data.halted !== undefined){
let data46 = data.halted;
if(data46 && typeof data46 == "object" && !Array.isArray(data46)){
if(data46.version === undefined){
const err126 = {instancePath:instancePath+"/halted",schemaPath:"#/properties/halted/required",keyword:"required",params:{missingProperty: "version"},schema:schema52.properties.halted.required,parentSchema:schema52.properties.halted,data:data46};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if(data46.reason === undefined){
const err127 = {instancePath:instancePath+"/halted",schemaPath:"#/properties/halted/required",keyword:"required",params:{missingProperty: "reason"},schema:schema52.properties.halted.required,parentSchema:schema52.properties.halted,data:data46};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
for(const key11 in data46){
if(!((key11 === "version") || (key11 === "reason"))){
const err128 = {instancePath:instancePath+"/halted",schemaPath:"#/properties/halted/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},schema:false,parentSchema:schema52.properties.halted,data:data46};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data46.version !== undefined){
let data47 = data46.version;
if(typeof data47 === "string"){
if(func3(data47) > 64){
const err129 = {instancePath:instancePath+"/halted/version",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data47};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(func3(data47) < 1){
const err130 = {instancePath:instancePath+"/halted/version",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data47};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if(!pattern3.test(data47)){
const err131 = {instancePath:instancePath+"/halted/version",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data47};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
else {
const err132 = {instancePath:instancePath+"/halted/version",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data47};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data46.reason !== undefined){
let data48 = data46.reason;
if(typeof data48 === "string"){
if(func3(data48) > 500){
const err133 = {instancePath:instancePath+"/halted/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data48};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if(func3(data48) < 1){
const err134 = {instancePath:instancePath+"/halted/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data48};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/halted/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data48};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
else {
const err136 = {instancePath:instancePath+"/halted",schemaPath:"#/properties/halted/type",keyword:"type",params:{type: "object"},schema:schema52.properties.halted.type,parentSchema:schema52.properties.halted,data:data46};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
if(data.resumed !== undefined){
let data49 = data.resumed;
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
if(data49.version === undefined){
const err137 = {instancePath:instancePath+"/resumed",schemaPath:"#/properties/resumed/required",keyword:"required",params:{missingProperty: "version"},schema:schema52.properties.resumed.required,parentSchema:schema52.properties.resumed,data:data49};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(data49.at === undefined){
const err138 = {instancePath:instancePath+"/resumed",schemaPath:"#/properties/resumed/required",keyword:"required",params:{missingProperty: "at"},schema:schema52.properties.resumed.required,parentSchema:schema52.properties.resumed,data:data49};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(data49.reason === undefined){
const err139 = {instancePath:instancePath+"/resumed",schemaPath:"#/properties/resumed/required",keyword:"required",params:{missingProperty: "reason"},schema:schema52.properties.resumed.required,parentSchema:schema52.properties.resumed,data:data49};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
for(const key12 in data49){
if(!(((key12 === "version") || (key12 === "at")) || (key12 === "reason"))){
const err140 = {instancePath:instancePath+"/resumed",schemaPath:"#/properties/resumed/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},schema:false,parentSchema:schema52.properties.resumed,data:data49};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data49.version !== undefined){
let data50 = data49.version;
if(typeof data50 === "string"){
if(func3(data50) > 64){
const err141 = {instancePath:instancePath+"/resumed/version",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data50};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(func3(data50) < 1){
const err142 = {instancePath:instancePath+"/resumed/version",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data50};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(!pattern3.test(data50)){
const err143 = {instancePath:instancePath+"/resumed/version",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data50};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
else {
const err144 = {instancePath:instancePath+"/resumed/version",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data50};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data49.at !== undefined){
let data51 = data49.at;
if(!(keyword0(data51))){
const err145 = {instancePath:instancePath+"/resumed/at",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data51};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(typeof data51 === "string"){
if(!pattern1.test(data51)){
const err146 = {instancePath:instancePath+"/resumed/at",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data51};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
else {
const err147 = {instancePath:instancePath+"/resumed/at",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data51};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
if(data49.reason !== undefined){
let data52 = data49.reason;
if(typeof data52 === "string"){
if(func3(data52) > 500){
const err148 = {instancePath:instancePath+"/resumed/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data52};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
if(func3(data52) < 1){
const err149 = {instancePath:instancePath+"/resumed/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data52};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
else {
const err150 = {instancePath:instancePath+"/resumed/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data52};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
}
else {
const err151 = {instancePath:instancePath+"/resumed",schemaPath:"#/properties/resumed/type",keyword:"type",params:{type: "object"},schema:schema52.properties.resumed.type,parentSchema:schema52.properties.resumed,data:data49};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
if(data.opened !== undefined){
let data53 = data.opened;
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
if(data53.version === undefined){
const err152 = {instancePath:instancePath+"/opened",schemaPath:"#/properties/opened/required",keyword:"required",params:{missingProperty: "version"},schema:schema52.properties.opened.required,parentSchema:schema52.properties.opened,data:data53};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
if(data53.waves === undefined){
const err153 = {instancePath:instancePath+"/opened",schemaPath:"#/properties/opened/required",keyword:"required",params:{missingProperty: "waves"},schema:schema52.properties.opened.required,parentSchema:schema52.properties.opened,data:data53};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
for(const key13 in data53){
if(!((key13 === "version") || (key13 === "waves"))){
const err154 = {instancePath:instancePath+"/opened",schemaPath:"#/properties/opened/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},schema:false,parentSchema:schema52.properties.opened,data:data53};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
if(data53.version !== undefined){
let data54 = data53.version;
if(typeof data54 === "string"){
if(func3(data54) > 64){
const err155 = {instancePath:instancePath+"/opened/version",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data54};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
if(func3(data54) < 1){
const err156 = {instancePath:instancePath+"/opened/version",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data54};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if(!pattern3.test(data54)){
const err157 = {instancePath:instancePath+"/opened/version",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data54};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/opened/version",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data54};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data53.waves !== undefined){
let data55 = data53.waves;
if(!(((typeof data55 == "number") && (!(data55 % 1) && !isNaN(data55))) && (isFinite(data55)))){
const err159 = {instancePath:instancePath+"/opened/waves",schemaPath:"#/properties/opened/properties/waves/type",keyword:"type",params:{type: "integer"},schema:schema52.properties.opened.properties.waves.type,parentSchema:schema52.properties.opened.properties.waves,data:data55};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if((typeof data55 == "number") && (isFinite(data55))){
if(data55 > 100 || isNaN(data55)){
const err160 = {instancePath:instancePath+"/opened/waves",schemaPath:"#/properties/opened/properties/waves/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema52.properties.opened.properties.waves,data:data55};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if(data55 < 0 || isNaN(data55)){
const err161 = {instancePath:instancePath+"/opened/waves",schemaPath:"#/properties/opened/properties/waves/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema52.properties.opened.properties.waves,data:data55};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
}
else {
const err162 = {instancePath:instancePath+"/opened",schemaPath:"#/properties/opened/type",keyword:"type",params:{type: "object"},schema:schema52.properties.opened.type,parentSchema:schema52.properties.opened,data:data53};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
if(data.promotion !== undefined){
let data56 = data.promotion;
if(data56 && typeof data56 == "object" && !Array.isArray(data56)){
if(data56.from === undefined){
const err163 = {instancePath:instancePath+"/promotion",schemaPath:"#/properties/promotion/required",keyword:"required",params:{missingProperty: "from"},schema:schema52.properties.promotion.required,parentSchema:schema52.properties.promotion,data:data56};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
for(const key14 in data56){
if(!(((key14 === "from") || (key14 === "soak")) || (key14 === "minHealthy"))){
const err164 = {instancePath:instancePath+"/promotion",schemaPath:"#/properties/promotion/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},schema:false,parentSchema:schema52.properties.promotion,data:data56};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
if(data56.from !== undefined){
let data57 = data56.from;
if(typeof data57 === "string"){
if(func3(data57) > 63){
const err165 = {instancePath:instancePath+"/promotion/from",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data57};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
if(!pattern0.test(data57)){
const err166 = {instancePath:instancePath+"/promotion/from",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data57};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
else {
const err167 = {instancePath:instancePath+"/promotion/from",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data57};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
if(data56.soak !== undefined){
let data58 = data56.soak;
if(!(keyword1(data58))){
const err168 = {instancePath:instancePath+"/promotion/soak",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data58};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(typeof data58 === "string"){
if(!pattern2.test(data58)){
const err169 = {instancePath:instancePath+"/promotion/soak",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data58};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
else {
const err170 = {instancePath:instancePath+"/promotion/soak",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data58};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
if(data56.minHealthy !== undefined){
let data59 = data56.minHealthy;
if(!(((typeof data59 == "number") && (!(data59 % 1) && !isNaN(data59))) && (isFinite(data59)))){
const err171 = {instancePath:instancePath+"/promotion/minHealthy",schemaPath:"#/properties/promotion/properties/minHealthy/type",keyword:"type",params:{type: "integer"},schema:schema52.properties.promotion.properties.minHealthy.type,parentSchema:schema52.properties.promotion.properties.minHealthy,data:data59};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
if((typeof data59 == "number") && (isFinite(data59))){
if(data59 > 1000000 || isNaN(data59)){
const err172 = {instancePath:instancePath+"/promotion/minHealthy",schemaPath:"#/properties/promotion/properties/minHealthy/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},schema:1000000,parentSchema:schema52.properties.promotion.properties.minHealthy,data:data59};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if(data59 < 0 || isNaN(data59)){
const err173 = {instancePath:instancePath+"/promotion/minHealthy",schemaPath:"#/properties/promotion/properties/minHealthy/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema52.properties.promotion.properties.minHealthy,data:data59};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
}
}
else {
const err174 = {instancePath:instancePath+"/promotion",schemaPath:"#/properties/promotion/type",keyword:"type",params:{type: "object"},schema:schema52.properties.promotion.type,parentSchema:schema52.properties.promotion,data:data56};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
if(data.via !== undefined){
let data60 = data.via;
if(Array.isArray(data60)){
if(data60.length > 100){
const err175 = {instancePath:instancePath+"/via",schemaPath:"#/properties/via/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema52.properties.via,data:data60};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(data60.length < 1){
const err176 = {instancePath:instancePath+"/via",schemaPath:"#/properties/via/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema52.properties.via,data:data60};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
const len5 = data60.length;
for(let i9=0; i9<len5; i9++){
let data61 = data60[i9];
if(typeof data61 === "string"){
if(func3(data61) > 64){
const err177 = {instancePath:instancePath+"/via/" + i9,schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data61};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
if(func3(data61) < 1){
const err178 = {instancePath:instancePath+"/via/" + i9,schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data61};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
if(!pattern3.test(data61)){
const err179 = {instancePath:instancePath+"/via/" + i9,schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data61};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
else {
const err180 = {instancePath:instancePath+"/via/" + i9,schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data61};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
let i10 = data60.length;
let j4;
if(i10 > 1){
outer2:
for(;i10--;){
for(j4 = i10; j4--;){
if(func0(data60[i10], data60[j4])){
const err181 = {instancePath:instancePath+"/via",schemaPath:"#/properties/via/uniqueItems",keyword:"uniqueItems",params:{i: i10, j: j4},schema:true,parentSchema:schema52.properties.via,data:data60};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
break outer2;
}
}
}
}
}
else {
const err182 = {instancePath:instancePath+"/via",schemaPath:"#/properties/via/type",keyword:"type",params:{type: "array"},schema:schema52.properties.via.type,parentSchema:schema52.properties.via,data:data60};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
if(data.staleAfter !== undefined){
let data62 = data.staleAfter;
if(!(keyword1(data62))){
const err183 = {instancePath:instancePath+"/staleAfter",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data62};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
if(typeof data62 === "string"){
if(!pattern2.test(data62)){
const err184 = {instancePath:instancePath+"/staleAfter",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data62};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
else {
const err185 = {instancePath:instancePath+"/staleAfter",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data62};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
if(data.acknowledge !== undefined){
if(!(validate38(data.acknowledge, {instancePath:instancePath+"/acknowledge",parentData:data,parentDataProperty:"acknowledge",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
}
}
else {
const err186 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema52.type,parentSchema:schema52,data};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
validate30.errors = vErrors;
return errors === 0;
}

export const version = validate40;
const schema95 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"version.schema.json","title":"VersionState","description":"One version of a product: `products/<product>/versions/<version>.yaml`. Once it is published, only keys with `afterPublication` may change; its bytes never do.","type":"object","additionalProperties":false,"required":["version","artifacts"],"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"The version that the file is about; the file is named after it."},"active":{"afterPublication":"may-change","$comment":"A yank, and taking it back, is what the key is for.","description":"`false` yanks the version: it is offered to nobody.","type":"boolean","default":true},"yankReason":{"afterPublication":"may-change","$comment":"It comes with the yank, which comes after publication.","description":"Why it was yanked, or why it was made active again.","type":"string","minLength":1,"maxLength":500},"releaseNotes":{"afterPublication":"may-change","$comment":"For people: a mistake in them has to be mended where it stands.","description":"What changed, for people.","type":"string","maxLength":10000},"severity":{"afterPublication":"may-change","$comment":"That a version mends a hole is often known only later, when the hole gets its number.","description":"`security`: freezes that except security let it through, and `rollout.bySeverity` may give it waves of its own. Signed with the release.","type":"string","enum":["normal","security"],"default":"normal"},"upgradeFrom":{"afterPublication":"may-change","$comment":"That a step does not work is found in the field; a machine is then to be led another way to the same bytes.","allOf":[{"$ref":"common.schema.json#/$defs/range"}],"description":"Installed versions that may step to this one directly; others go through an earlier version that does. Signed by the release key. Where all later versions would have to say the same, `barrier` says it once."},"barrier":{"afterPublication":"may-change","$comment":"That everybody must pass through a version is often found out when later ones are out.","description":"Everybody older passes through this version on the way to a later one: `true`, or an object with the reason. Signed by the release key, so that later versions need not repeat it in `upgradeFrom`; it may be found out and added after they were published. Only a signed yank lifts it.","oneOf":[{"type":"boolean"},{"title":"BarrierWithReason","description":"A barrier that says why.","type":"object","additionalProperties":false,"required":["reason"],"properties":{"reason":{"$ref":"common.schema.json#/$defs/reason"}}}]},"deadEnd":{"afterPublication":"may-change","$comment":"That no way leads up from a version is found out on machines that run it.","title":"DeadEndState","description":"No way leads up from this version: machines that run it stay, and say why, and no other is sent there. Signed by the release key; may be added after publication. A declared `rollback` still leads away.","type":"object","additionalProperties":false,"required":["reason"],"properties":{"reason":{"$ref":"common.schema.json#/$defs/reason"},"url":{"description":"Where a person reads what to do.","type":"string","pattern":"^https://[!-~]{1,500}$","form":"httpsUrl"}}},"rollbackTo":{"afterPublication":"may-change","$comment":"The way back is tried out, and signed, when it is needed.","allOf":[{"$ref":"common.schema.json#/$defs/range"}],"description":"Versions that this one may be rolled back to. Signed by the release key; without it, none."},"promotable":{"afterPublication":"may-change","$comment":"A version may turn out to be for the channel that it is on, and no other.","description":"`false`: the version stays where it is, and no further channel may point to it; one that moved on and comes back counts as a further one.","type":"boolean","default":true},"requires":{"afterPublication":"may-change","$comment":"What a version needs may be learned from the first machine that lacks it.","allOf":[{"$ref":"common.schema.json#/$defs/requires"}],"description":"What a machine must have for any artifact of this version to run; an artifact may say more."},"artifacts":{"afterPublication":"may-grow","$comment":"A build for one more platform may follow. What is published stays.","description":"The files of this version, one for each platform and format.","type":"array","minItems":1,"maxItems":100,"items":{"title":"ArtifactState","description":"One file for one platform: hosted, at a URL, or a package in a repository that the machine's package manager knows.","type":"object","additionalProperties":false,"required":["platform","format"],"properties":{"platform":{"$ref":"common.schema.json#/$defs/platform"},"format":{"description":"How it is installed: a `binary` (one executable file), an `archive` (tar.zst, tar.gz or zip), a package of `deb`, `rpm` or macOS (`pkg`), or a Windows service's program (`windows`). A device has one format for a product; what is in others is not offered to it.","type":"string","enum":["binary","archive","deb","rpm","pkg","windows"]},"url":{"afterPublication":"may-change","$comment":"Bytes move to another server, and their hash says that they are the same.","description":"Where the bytes are: an https URL, or a path below the state repository's root. Left away only for a package that has `repository`.","type":"string","minLength":1,"maxLength":2000},"size":{"description":"Bytes. Beside `repository`: of the package file that the repository has.","type":"integer","minimum":1,"maximum":17179869184},"sha256":{"description":"SHA-256 of the file, 64 lower-case hexadecimal digits. Beside `repository` it is optional: a package manager's own signatures hold then, and this one besides.","type":"string","pattern":"^[0-9a-f]{64}$","form":"sha256"},"package":{"description":"The package's name. Of `deb` and `rpm` only.","type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$","form":"packageName"},"packageVersion":{"description":"The package's whole version, as the package manager prints it: with epoch and revision. Of `deb` and `rpm` only.","type":"string","pattern":"^[0-9A-Za-z][0-9A-Za-z.+~:_^-]{0,127}$","form":"packageVersion"},"repository":{"afterPublication":"may-change","$comment":"A vendor's repository may get another name; the package and its version say what is installed.","description":"The repository that the machine's package manager fetches the package from, as the vendor calls it; a machine may know it by another name. Instead of `url`.","type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$","form":"repositoryName"},"active":{"afterPublication":"may-change","$comment":"A yank is a change of a published version.","description":"`false` yanks the version for this platform alone: its machines are treated as if the whole version were yanked.","type":"boolean","default":true},"deltas":{"afterPublication":"may-grow","$comment":"A smaller way to the same bytes may be made later; machines that do not know of it take the whole file.","description":"Smaller ways to this file from earlier builds, each made by `fairlead release add --delta-from`. An agent that has such a build downloads the delta, checks that the very same bytes come out, and takes the whole file where anything is wrong.","type":"array","minItems":1,"maxItems":20,"items":{"title":"DeltaState","description":"How the file is made out of an earlier one.","type":"object","additionalProperties":false,"required":["from","url","size","sha256"],"properties":{"from":{"description":"SHA-256 of the earlier file.","type":"string","pattern":"^[0-9a-f]{64}$","form":"sha256"},"url":{"description":"Where the delta is: an https URL, or a path below the state repository's root.","type":"string","minLength":1,"maxLength":2000},"size":{"description":"Bytes of the delta.","type":"integer","minimum":1,"maximum":17179869184},"sha256":{"description":"SHA-256 of the delta, 64 lower-case hexadecimal digits.","type":"string","pattern":"^[0-9a-f]{64}$","form":"sha256"}}}},"requires":{"afterPublication":"may-change","$comment":"What a file needs may be learned from the first machine that lacks it.","allOf":[{"$ref":"common.schema.json#/$defs/requires"}],"description":"What a machine must have for this file, besides and instead of what the version says. `fairlead release add` reads what it can from the file."}},"allOf":[{"if":{"properties":{"format":{"enum":["deb","rpm"]}},"required":["format"]},"then":{"properties":{"package":true,"packageVersion":true},"required":["package","packageVersion"]},"else":{"properties":{"url":true,"package":false,"packageVersion":false,"repository":false},"required":["url"]}},{"if":{"properties":{"url":true},"required":["url"]},"then":{"properties":{"size":true,"sha256":true,"repository":false},"required":["size","sha256"]},"else":{"properties":{"repository":true},"required":["repository"]}},{"if":{"properties":{"size":true},"required":["size"]},"then":{"properties":{"sha256":true},"required":["sha256"]}},{"if":{"properties":{"sha256":true},"required":["sha256"]},"then":{"properties":{"size":true},"required":["size"]}}]}},"acknowledge":{"allOf":[{"$ref":"common.schema.json#/$defs/acknowledge"}],"afterPublication":"may-change","$comment":"It changes nothing that a machine gets."}}};
const schema97 = {"description":"A range of versions: comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`.","form":"range","type":"string","minLength":1,"maxLength":256};
const schema110 = {"description":"Operating system and architecture, as node names them.","form":"platform","type":"string","pattern":"^[a-z0-9]+-[a-z0-9_]+$"};
const pattern50 = new RegExp("^https://[!-~]{1,500}$", "u");
const pattern55 = new RegExp("^[a-z0-9]+-[a-z0-9_]+$", "u");
const pattern56 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern57 = new RegExp("^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$", "u");
const pattern58 = new RegExp("^[0-9A-Za-z][0-9A-Za-z.+~:_^-]{0,127}$", "u");
const pattern59 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", "u");
const schema101 = {"title":"RequiresState","description":"What a machine must have for this version to run on it. Signed by the release key. An agent whose machine lacks something refuses before it downloads, and says both values; where an earlier version of the channel fits, it takes that.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"glibc":{"allOf":[{"$ref":"common.schema.json#/$defs/factRange"}],"description":"The GNU C library: `>=2.31`."},"musl":{"allOf":[{"$ref":"common.schema.json#/$defs/factRange"}],"description":"The musl C library."},"kernel":{"allOf":[{"$ref":"common.schema.json#/$defs/factRange"}],"description":"The kernel's own version: `>=4.18`."},"os":{"description":"Linux distributions by their `ID` of /etc/os-release, each with the range of its `VERSION_ID`. Others are refused.","type":"object","minProperties":1,"maxProperties":50,"propertyNames":{"pattern":"^[a-z0-9][a-z0-9._-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/factRange"}},"macos":{"allOf":[{"$ref":"common.schema.json#/$defs/factRange"}],"description":"The version of macOS: `>=12.0`."},"windowsBuild":{"allOf":[{"$ref":"common.schema.json#/$defs/factRange"}],"description":"The build of Windows: `>=17763`."},"cpu":{"description":"Features of the processor, as the kernel names them.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,31}$","form":"cpuFeature"}},"memory":{"allOf":[{"$ref":"common.schema.json#/$defs/byteSize"}],"description":"Memory that the machine must have in all."},"disk":{"allOf":[{"$ref":"common.schema.json#/$defs/byteSize"}],"description":"Free space where it is installed, beside what the update itself takes."}}};
const schema102 = {"description":"A range of a fact that is counted: numbers parted by dots, with comparators as in `>=2.31` or `>=5.10 <6.0`, alternatives joined by `||`.","form":"factRange","type":"string","minLength":1,"maxLength":256};
const schema108 = {"description":"A number of bytes, or one with a unit: `500MiB`, `2GiB`.","form":"byteSize","type":["integer","string"],"minimum":0,"maximum":1125899906842624,"pattern":"^[0-9]{1,15}(KiB|MiB|GiB|TiB)?$"};
const keyword29 = forms["factRange"];
const keyword35 = forms["byteSize"];
const pattern51 = new RegExp("^[a-z0-9][a-z0-9._-]{0,62}$", "u");
const pattern52 = new RegExp("^[a-z0-9][a-z0-9._-]{0,31}$", "u");
const pattern53 = new RegExp("^[0-9]{1,15}(KiB|MiB|GiB|TiB)?$", "u");

function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
const err0 = {instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema101,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema101.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema101,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.glibc !== undefined){
let data0 = data.glibc;
if(!(keyword29(data0))){
const err2 = {instancePath:instancePath+"/glibc",schemaPath:"common.schema.json#/$defs/factRange/form",keyword:"form",params:{},schema:"factRange",parentSchema:schema102,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(typeof data0 === "string"){
if(func3(data0) > 256){
const err3 = {instancePath:instancePath+"/glibc",schemaPath:"common.schema.json#/$defs/factRange/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema102,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/glibc",schemaPath:"common.schema.json#/$defs/factRange/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema102,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/glibc",schemaPath:"common.schema.json#/$defs/factRange/type",keyword:"type",params:{type: "string"},schema:schema102.type,parentSchema:schema102,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.musl !== undefined){
let data1 = data.musl;
if(!(keyword29(data1))){
const err6 = {instancePath:instancePath+"/musl",schemaPath:"common.schema.json#/$defs/factRange/form",keyword:"form",params:{},schema:"factRange",parentSchema:schema102,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(func3(data1) > 256){
const err7 = {instancePath:instancePath+"/musl",schemaPath:"common.schema.json#/$defs/factRange/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema102,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(func3(data1) < 1){
const err8 = {instancePath:instancePath+"/musl",schemaPath:"common.schema.json#/$defs/factRange/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema102,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/musl",schemaPath:"common.schema.json#/$defs/factRange/type",keyword:"type",params:{type: "string"},schema:schema102.type,parentSchema:schema102,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.kernel !== undefined){
let data2 = data.kernel;
if(!(keyword29(data2))){
const err10 = {instancePath:instancePath+"/kernel",schemaPath:"common.schema.json#/$defs/factRange/form",keyword:"form",params:{},schema:"factRange",parentSchema:schema102,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(typeof data2 === "string"){
if(func3(data2) > 256){
const err11 = {instancePath:instancePath+"/kernel",schemaPath:"common.schema.json#/$defs/factRange/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema102,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func3(data2) < 1){
const err12 = {instancePath:instancePath+"/kernel",schemaPath:"common.schema.json#/$defs/factRange/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema102,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/kernel",schemaPath:"common.schema.json#/$defs/factRange/type",keyword:"type",params:{type: "string"},schema:schema102.type,parentSchema:schema102,data:data2};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.os !== undefined){
let data3 = data.os;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(Object.keys(data3).length > 50){
const err14 = {instancePath:instancePath+"/os",schemaPath:"#/properties/os/maxProperties",keyword:"maxProperties",params:{limit: 50},schema:50,parentSchema:schema101.properties.os,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(Object.keys(data3).length < 1){
const err15 = {instancePath:instancePath+"/os",schemaPath:"#/properties/os/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema101.properties.os,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key1 in data3){
const _errs16 = errors;
if(typeof key1 === "string"){
if(!pattern51.test(key1)){
const err16 = {instancePath:instancePath+"/os",schemaPath:"#/properties/os/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,62}$"},schema:"^[a-z0-9][a-z0-9._-]{0,62}$",parentSchema:schema101.properties.os.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
var valid7 = _errs16 === errors;
if(!valid7){
const err17 = {instancePath:instancePath+"/os",schemaPath:"#/properties/os/propertyNames",keyword:"propertyNames",params:{propertyName: key1},schema:schema101.properties.os.propertyNames,parentSchema:schema101.properties.os,data:data3};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
for(const key2 in data3){
let data4 = data3[key2];
if(!(keyword29(data4))){
const err18 = {instancePath:instancePath+"/os/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/$defs/factRange/form",keyword:"form",params:{},schema:"factRange",parentSchema:schema102,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data4 === "string"){
if(func3(data4) > 256){
const err19 = {instancePath:instancePath+"/os/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/$defs/factRange/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema102,data:data4};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(func3(data4) < 1){
const err20 = {instancePath:instancePath+"/os/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/$defs/factRange/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema102,data:data4};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/os/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/$defs/factRange/type",keyword:"type",params:{type: "string"},schema:schema102.type,parentSchema:schema102,data:data4};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/os",schemaPath:"#/properties/os/type",keyword:"type",params:{type: "object"},schema:schema101.properties.os.type,parentSchema:schema101.properties.os,data:data3};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.macos !== undefined){
let data5 = data.macos;
if(!(keyword29(data5))){
const err23 = {instancePath:instancePath+"/macos",schemaPath:"common.schema.json#/$defs/factRange/form",keyword:"form",params:{},schema:"factRange",parentSchema:schema102,data:data5};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(typeof data5 === "string"){
if(func3(data5) > 256){
const err24 = {instancePath:instancePath+"/macos",schemaPath:"common.schema.json#/$defs/factRange/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema102,data:data5};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(func3(data5) < 1){
const err25 = {instancePath:instancePath+"/macos",schemaPath:"common.schema.json#/$defs/factRange/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema102,data:data5};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/macos",schemaPath:"common.schema.json#/$defs/factRange/type",keyword:"type",params:{type: "string"},schema:schema102.type,parentSchema:schema102,data:data5};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.windowsBuild !== undefined){
let data6 = data.windowsBuild;
if(!(keyword29(data6))){
const err27 = {instancePath:instancePath+"/windowsBuild",schemaPath:"common.schema.json#/$defs/factRange/form",keyword:"form",params:{},schema:"factRange",parentSchema:schema102,data:data6};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(typeof data6 === "string"){
if(func3(data6) > 256){
const err28 = {instancePath:instancePath+"/windowsBuild",schemaPath:"common.schema.json#/$defs/factRange/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema102,data:data6};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(func3(data6) < 1){
const err29 = {instancePath:instancePath+"/windowsBuild",schemaPath:"common.schema.json#/$defs/factRange/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema102,data:data6};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/windowsBuild",schemaPath:"common.schema.json#/$defs/factRange/type",keyword:"type",params:{type: "string"},schema:schema102.type,parentSchema:schema102,data:data6};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.cpu !== undefined){
let data7 = data.cpu;
if(Array.isArray(data7)){
if(data7.length > 50){
const err31 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema101.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data7.length < 1){
const err32 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema101.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
if(typeof data8 === "string"){
if(!pattern52.test(data8)){
const err33 = {instancePath:instancePath+"/cpu/" + i0,schemaPath:"#/properties/cpu/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,31}$"},schema:"^[a-z0-9][a-z0-9._-]{0,31}$",parentSchema:schema101.properties.cpu.items,data:data8};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/cpu/" + i0,schemaPath:"#/properties/cpu/items/type",keyword:"type",params:{type: "string"},schema:schema101.properties.cpu.items.type,parentSchema:schema101.properties.cpu.items,data:data8};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
let i1 = data7.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data7[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err35 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema101.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err36 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/type",keyword:"type",params:{type: "array"},schema:schema101.properties.cpu.type,parentSchema:schema101.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data.memory !== undefined){
let data9 = data.memory;
if((!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))) && (typeof data9 !== "string")){
const err37 = {instancePath:instancePath+"/memory",schemaPath:"common.schema.json#/$defs/byteSize/type",keyword:"type",params:{type: schema108.type},schema:schema108.type,parentSchema:schema108,data:data9};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(!(keyword35(data9))){
const err38 = {instancePath:instancePath+"/memory",schemaPath:"common.schema.json#/$defs/byteSize/form",keyword:"form",params:{},schema:"byteSize",parentSchema:schema108,data:data9};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 1125899906842624 || isNaN(data9)){
const err39 = {instancePath:instancePath+"/memory",schemaPath:"common.schema.json#/$defs/byteSize/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1125899906842624},schema:1125899906842624,parentSchema:schema108,data:data9};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data9 < 0 || isNaN(data9)){
const err40 = {instancePath:instancePath+"/memory",schemaPath:"common.schema.json#/$defs/byteSize/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema108,data:data9};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(typeof data9 === "string"){
if(!pattern53.test(data9)){
const err41 = {instancePath:instancePath+"/memory",schemaPath:"common.schema.json#/$defs/byteSize/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,15}(KiB|MiB|GiB|TiB)?$"},schema:"^[0-9]{1,15}(KiB|MiB|GiB|TiB)?$",parentSchema:schema108,data:data9};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
if(data.disk !== undefined){
let data10 = data.disk;
if((!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))) && (typeof data10 !== "string")){
const err42 = {instancePath:instancePath+"/disk",schemaPath:"common.schema.json#/$defs/byteSize/type",keyword:"type",params:{type: schema108.type},schema:schema108.type,parentSchema:schema108,data:data10};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(!(keyword35(data10))){
const err43 = {instancePath:instancePath+"/disk",schemaPath:"common.schema.json#/$defs/byteSize/form",keyword:"form",params:{},schema:"byteSize",parentSchema:schema108,data:data10};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 > 1125899906842624 || isNaN(data10)){
const err44 = {instancePath:instancePath+"/disk",schemaPath:"common.schema.json#/$defs/byteSize/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1125899906842624},schema:1125899906842624,parentSchema:schema108,data:data10};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data10 < 0 || isNaN(data10)){
const err45 = {instancePath:instancePath+"/disk",schemaPath:"common.schema.json#/$defs/byteSize/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema108,data:data10};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(typeof data10 === "string"){
if(!pattern53.test(data10)){
const err46 = {instancePath:instancePath+"/disk",schemaPath:"common.schema.json#/$defs/byteSize/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,15}(KiB|MiB|GiB|TiB)?$"},schema:"^[0-9]{1,15}(KiB|MiB|GiB|TiB)?$",parentSchema:schema108,data:data10};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
}
else {
const err47 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema101.type,parentSchema:schema101,data};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
validate41.errors = vErrors;
return errors === 0;
}


function validate44(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 1000){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.rule === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "rule"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.reason === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.owner === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "owner"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.expires === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "expires"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "rule") || (key0 === "at")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "expires"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.rule !== undefined){
let data1 = data0.rule;
if(typeof data1 === "string"){
if(func3(data1) > 100){
const err6 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/maxLength",keyword:"maxLength",params:{limit: 100},schema:100,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/type",keyword:"type",params:{type: "string"},schema:schema32.type,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.at !== undefined){
let data2 = data0.at;
if(typeof data2 === "string"){
if(func3(data2) > 1000){
const err9 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!pattern12.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/pattern",keyword:"pattern",params:{pattern: "^(/([^~/]|~[01])*)+$"},schema:"^(/([^~/]|~[01])*)+$",parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/type",keyword:"type",params:{type: "string"},schema:schema33.type,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.expires !== undefined){
let data5 = data0.expires;
if(!(keyword0(data5))){
const err18 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
const err19 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema46.items.type,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema46.type,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate44.errors = vErrors;
return errors === 0;
}


function validate40(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="version.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.artifacts === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "artifacts"},schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema95.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.version !== undefined){
let data0 = data.version;
if(typeof data0 === "string"){
if(func3(data0) > 64){
const err3 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern3.test(data0)){
const err5 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.active !== undefined){
let data1 = data.active;
if(typeof data1 !== "boolean"){
const err7 = {instancePath:instancePath+"/active",schemaPath:"#/properties/active/type",keyword:"type",params:{type: "boolean"},schema:schema95.properties.active.type,parentSchema:schema95.properties.active,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.yankReason !== undefined){
let data2 = data.yankReason;
if(typeof data2 === "string"){
if(func3(data2) > 500){
const err8 = {instancePath:instancePath+"/yankReason",schemaPath:"#/properties/yankReason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema95.properties.yankReason,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(func3(data2) < 1){
const err9 = {instancePath:instancePath+"/yankReason",schemaPath:"#/properties/yankReason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema95.properties.yankReason,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/yankReason",schemaPath:"#/properties/yankReason/type",keyword:"type",params:{type: "string"},schema:schema95.properties.yankReason.type,parentSchema:schema95.properties.yankReason,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.releaseNotes !== undefined){
let data3 = data.releaseNotes;
if(typeof data3 === "string"){
if(func3(data3) > 10000){
const err11 = {instancePath:instancePath+"/releaseNotes",schemaPath:"#/properties/releaseNotes/maxLength",keyword:"maxLength",params:{limit: 10000},schema:10000,parentSchema:schema95.properties.releaseNotes,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/releaseNotes",schemaPath:"#/properties/releaseNotes/type",keyword:"type",params:{type: "string"},schema:schema95.properties.releaseNotes.type,parentSchema:schema95.properties.releaseNotes,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.severity !== undefined){
let data4 = data.severity;
if(typeof data4 !== "string"){
const err13 = {instancePath:instancePath+"/severity",schemaPath:"#/properties/severity/type",keyword:"type",params:{type: "string"},schema:schema95.properties.severity.type,parentSchema:schema95.properties.severity,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!((data4 === "normal") || (data4 === "security"))){
const err14 = {instancePath:instancePath+"/severity",schemaPath:"#/properties/severity/enum",keyword:"enum",params:{allowedValues: schema95.properties.severity.enum},schema:schema95.properties.severity.enum,parentSchema:schema95.properties.severity,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.upgradeFrom !== undefined){
let data5 = data.upgradeFrom;
if(typeof data5 === "string"){
if(func3(data5) > 256){
const err15 = {instancePath:instancePath+"/upgradeFrom",schemaPath:"common.schema.json#/$defs/range/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema97,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data5) < 1){
const err16 = {instancePath:instancePath+"/upgradeFrom",schemaPath:"common.schema.json#/$defs/range/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema97,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/upgradeFrom",schemaPath:"common.schema.json#/$defs/range/type",keyword:"type",params:{type: "string"},schema:schema97.type,parentSchema:schema97,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.barrier !== undefined){
let data6 = data.barrier;
const _errs30 = errors;
let valid5 = false;
let passing0 = null;
const _errs31 = errors;
if(typeof data6 !== "boolean"){
const err18 = {instancePath:instancePath+"/barrier",schemaPath:"#/properties/barrier/oneOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema95.properties.barrier.oneOf[0].type,parentSchema:schema95.properties.barrier.oneOf[0],data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var _valid0 = _errs31 === errors;
if(_valid0){
valid5 = true;
passing0 = 0;
}
const _errs33 = errors;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.reason === undefined){
const err19 = {instancePath:instancePath+"/barrier",schemaPath:"#/properties/barrier/oneOf/1/required",keyword:"required",params:{missingProperty: "reason"},schema:schema95.properties.barrier.oneOf[1].required,parentSchema:schema95.properties.barrier.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
for(const key1 in data6){
if(!(key1 === "reason")){
const err20 = {instancePath:instancePath+"/barrier",schemaPath:"#/properties/barrier/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema95.properties.barrier.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data6.reason !== undefined){
let data7 = data6.reason;
if(typeof data7 === "string"){
if(func3(data7) > 500){
const err21 = {instancePath:instancePath+"/barrier/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(func3(data7) < 1){
const err22 = {instancePath:instancePath+"/barrier/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/barrier/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath:instancePath+"/barrier",schemaPath:"#/properties/barrier/oneOf/1/type",keyword:"type",params:{type: "object"},schema:schema95.properties.barrier.oneOf[1].type,parentSchema:schema95.properties.barrier.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var _valid0 = _errs33 === errors;
if(_valid0 && valid5){
valid5 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid5 = true;
passing0 = 1;
}
}
if(!valid5){
const err25 = {instancePath:instancePath+"/barrier",schemaPath:"#/properties/barrier/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema95.properties.barrier.oneOf,parentSchema:schema95.properties.barrier,data:data6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
else {
errors = _errs30;
if(vErrors !== null){
if(_errs30){
vErrors.length = _errs30;
}
else {
vErrors = null;
}
}
}
}
if(data.deadEnd !== undefined){
let data8 = data.deadEnd;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.reason === undefined){
const err26 = {instancePath:instancePath+"/deadEnd",schemaPath:"#/properties/deadEnd/required",keyword:"required",params:{missingProperty: "reason"},schema:schema95.properties.deadEnd.required,parentSchema:schema95.properties.deadEnd,data:data8};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
for(const key2 in data8){
if(!((key2 === "reason") || (key2 === "url"))){
const err27 = {instancePath:instancePath+"/deadEnd",schemaPath:"#/properties/deadEnd/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema95.properties.deadEnd,data:data8};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data8.reason !== undefined){
let data9 = data8.reason;
if(typeof data9 === "string"){
if(func3(data9) > 500){
const err28 = {instancePath:instancePath+"/deadEnd/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data9};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(func3(data9) < 1){
const err29 = {instancePath:instancePath+"/deadEnd/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/deadEnd/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data9};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data8.url !== undefined){
let data10 = data8.url;
if(typeof data10 === "string"){
if(!pattern50.test(data10)){
const err31 = {instancePath:instancePath+"/deadEnd/url",schemaPath:"#/properties/deadEnd/properties/url/pattern",keyword:"pattern",params:{pattern: "^https://[!-~]{1,500}$"},schema:"^https://[!-~]{1,500}$",parentSchema:schema95.properties.deadEnd.properties.url,data:data10};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/deadEnd/url",schemaPath:"#/properties/deadEnd/properties/url/type",keyword:"type",params:{type: "string"},schema:schema95.properties.deadEnd.properties.url.type,parentSchema:schema95.properties.deadEnd.properties.url,data:data10};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/deadEnd",schemaPath:"#/properties/deadEnd/type",keyword:"type",params:{type: "object"},schema:schema95.properties.deadEnd.type,parentSchema:schema95.properties.deadEnd,data:data8};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.rollbackTo !== undefined){
let data11 = data.rollbackTo;
if(typeof data11 === "string"){
if(func3(data11) > 256){
const err34 = {instancePath:instancePath+"/rollbackTo",schemaPath:"common.schema.json#/$defs/range/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema97,data:data11};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(func3(data11) < 1){
const err35 = {instancePath:instancePath+"/rollbackTo",schemaPath:"common.schema.json#/$defs/range/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema97,data:data11};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/rollbackTo",schemaPath:"common.schema.json#/$defs/range/type",keyword:"type",params:{type: "string"},schema:schema97.type,parentSchema:schema97,data:data11};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data.promotable !== undefined){
let data12 = data.promotable;
if(typeof data12 !== "boolean"){
const err37 = {instancePath:instancePath+"/promotable",schemaPath:"#/properties/promotable/type",keyword:"type",params:{type: "boolean"},schema:schema95.properties.promotable.type,parentSchema:schema95.properties.promotable,data:data12};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data.requires !== undefined){
if(!(validate41(data.requires, {instancePath:instancePath+"/requires",parentData:data,parentDataProperty:"requires",rootData}))){
vErrors = vErrors === null ? validate41.errors : vErrors.concat(validate41.errors);
errors = vErrors.length;
}
}
if(data.artifacts !== undefined){
let data14 = data.artifacts;
if(Array.isArray(data14)){
if(data14.length > 100){
const err38 = {instancePath:instancePath+"/artifacts",schemaPath:"#/properties/artifacts/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema95.properties.artifacts,data:data14};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data14.length < 1){
const err39 = {instancePath:instancePath+"/artifacts",schemaPath:"#/properties/artifacts/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema95.properties.artifacts,data:data14};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
const len0 = data14.length;
for(let i0=0; i0<len0; i0++){
let data15 = data14[i0];
const _errs71 = errors;
let valid16 = true;
const _errs72 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing0;
if((data15.format === undefined) && (missing0 = "format")){
const err40 = {};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
else {
if(data15.format !== undefined){
let data16 = data15.format;
if(!((data16 === "deb") || (data16 === "rpm"))){
const err41 = {};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
}
var _valid1 = _errs72 === errors;
errors = _errs71;
if(vErrors !== null){
if(_errs71){
vErrors.length = _errs71;
}
else {
vErrors = null;
}
}
let ifClause0;
if(_valid1){
const _errs74 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.package === undefined){
const err42 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/0/then/required",keyword:"required",params:{missingProperty: "package"},schema:schema95.properties.artifacts.items.allOf[0].then.required,parentSchema:schema95.properties.artifacts.items.allOf[0].then,data:data15};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(data15.packageVersion === undefined){
const err43 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/0/then/required",keyword:"required",params:{missingProperty: "packageVersion"},schema:schema95.properties.artifacts.items.allOf[0].then.required,parentSchema:schema95.properties.artifacts.items.allOf[0].then,data:data15};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
var _valid1 = _errs74 === errors;
valid16 = _valid1;
ifClause0 = "then";
}
else {
const _errs75 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.url === undefined){
const err44 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/0/else/required",keyword:"required",params:{missingProperty: "url"},schema:schema95.properties.artifacts.items.allOf[0].else.required,parentSchema:schema95.properties.artifacts.items.allOf[0].else,data:data15};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data15.package !== undefined){
const err45 = {instancePath:instancePath+"/artifacts/" + i0+"/package",schemaPath:"#/properties/artifacts/items/allOf/0/else/properties/package/false schema",keyword:"false schema",params:{},schema:false,parentSchema:schema95.properties.artifacts.items.allOf[0].else.properties.package,data:data15.package};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(data15.packageVersion !== undefined){
const err46 = {instancePath:instancePath+"/artifacts/" + i0+"/packageVersion",schemaPath:"#/properties/artifacts/items/allOf/0/else/properties/packageVersion/false schema",keyword:"false schema",params:{},schema:false,parentSchema:schema95.properties.artifacts.items.allOf[0].else.properties.packageVersion,data:data15.packageVersion};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(data15.repository !== undefined){
const err47 = {instancePath:instancePath+"/artifacts/" + i0+"/repository",schemaPath:"#/properties/artifacts/items/allOf/0/else/properties/repository/false schema",keyword:"false schema",params:{},schema:false,parentSchema:schema95.properties.artifacts.items.allOf[0].else.properties.repository,data:data15.repository};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
var _valid1 = _errs75 === errors;
valid16 = _valid1;
ifClause0 = "else";
}
if(!valid16){
const err48 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/0/if",keyword:"if",params:{failingKeyword: ifClause0},schema:schema95.properties.artifacts.items.allOf[0].if,parentSchema:schema95.properties.artifacts.items.allOf[0],data:data15};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
const _errs77 = errors;
let valid19 = true;
const _errs78 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing1;
if((data15.url === undefined) && (missing1 = "url")){
const err49 = {};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
var _valid2 = _errs78 === errors;
errors = _errs77;
if(vErrors !== null){
if(_errs77){
vErrors.length = _errs77;
}
else {
vErrors = null;
}
}
let ifClause1;
if(_valid2){
const _errs79 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.size === undefined){
const err50 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/1/then/required",keyword:"required",params:{missingProperty: "size"},schema:schema95.properties.artifacts.items.allOf[1].then.required,parentSchema:schema95.properties.artifacts.items.allOf[1].then,data:data15};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(data15.sha256 === undefined){
const err51 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/1/then/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema95.properties.artifacts.items.allOf[1].then.required,parentSchema:schema95.properties.artifacts.items.allOf[1].then,data:data15};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data15.repository !== undefined){
const err52 = {instancePath:instancePath+"/artifacts/" + i0+"/repository",schemaPath:"#/properties/artifacts/items/allOf/1/then/properties/repository/false schema",keyword:"false schema",params:{},schema:false,parentSchema:schema95.properties.artifacts.items.allOf[1].then.properties.repository,data:data15.repository};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
var _valid2 = _errs79 === errors;
valid19 = _valid2;
ifClause1 = "then";
}
else {
const _errs80 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.repository === undefined){
const err53 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/1/else/required",keyword:"required",params:{missingProperty: "repository"},schema:schema95.properties.artifacts.items.allOf[1].else.required,parentSchema:schema95.properties.artifacts.items.allOf[1].else,data:data15};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
var _valid2 = _errs80 === errors;
valid19 = _valid2;
ifClause1 = "else";
}
if(!valid19){
const err54 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/1/if",keyword:"if",params:{failingKeyword: ifClause1},schema:schema95.properties.artifacts.items.allOf[1].if,parentSchema:schema95.properties.artifacts.items.allOf[1],data:data15};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
const _errs82 = errors;
let valid21 = true;
const _errs83 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing2;
if((data15.size === undefined) && (missing2 = "size")){
const err55 = {};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
var _valid3 = _errs83 === errors;
errors = _errs82;
if(vErrors !== null){
if(_errs82){
vErrors.length = _errs82;
}
else {
vErrors = null;
}
}
if(_valid3){
const _errs84 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.sha256 === undefined){
const err56 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/2/then/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema95.properties.artifacts.items.allOf[2].then.required,parentSchema:schema95.properties.artifacts.items.allOf[2].then,data:data15};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
var _valid3 = _errs84 === errors;
valid21 = _valid3;
}
if(!valid21){
const err57 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/2/if",keyword:"if",params:{failingKeyword: "then"},schema:schema95.properties.artifacts.items.allOf[2].if,parentSchema:schema95.properties.artifacts.items.allOf[2],data:data15};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
const _errs86 = errors;
let valid22 = true;
const _errs87 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing3;
if((data15.sha256 === undefined) && (missing3 = "sha256")){
const err58 = {};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
var _valid4 = _errs87 === errors;
errors = _errs86;
if(vErrors !== null){
if(_errs86){
vErrors.length = _errs86;
}
else {
vErrors = null;
}
}
if(_valid4){
const _errs88 = errors;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.size === undefined){
const err59 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/3/then/required",keyword:"required",params:{missingProperty: "size"},schema:schema95.properties.artifacts.items.allOf[3].then.required,parentSchema:schema95.properties.artifacts.items.allOf[3].then,data:data15};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
var _valid4 = _errs88 === errors;
valid22 = _valid4;
}
if(!valid22){
const err60 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/allOf/3/if",keyword:"if",params:{failingKeyword: "then"},schema:schema95.properties.artifacts.items.allOf[3].if,parentSchema:schema95.properties.artifacts.items.allOf[3],data:data15};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.platform === undefined){
const err61 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/required",keyword:"required",params:{missingProperty: "platform"},schema:schema95.properties.artifacts.items.required,parentSchema:schema95.properties.artifacts.items,data:data15};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(data15.format === undefined){
const err62 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/required",keyword:"required",params:{missingProperty: "format"},schema:schema95.properties.artifacts.items.required,parentSchema:schema95.properties.artifacts.items,data:data15};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
for(const key3 in data15){
if(!(func2.call(schema95.properties.artifacts.items.properties, key3))){
const err63 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},schema:false,parentSchema:schema95.properties.artifacts.items,data:data15};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data15.platform !== undefined){
let data21 = data15.platform;
if(typeof data21 === "string"){
if(!pattern55.test(data21)){
const err64 = {instancePath:instancePath+"/artifacts/" + i0+"/platform",schemaPath:"common.schema.json#/$defs/platform/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+-[a-z0-9_]+$"},schema:"^[a-z0-9]+-[a-z0-9_]+$",parentSchema:schema110,data:data21};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/artifacts/" + i0+"/platform",schemaPath:"common.schema.json#/$defs/platform/type",keyword:"type",params:{type: "string"},schema:schema110.type,parentSchema:schema110,data:data21};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data15.format !== undefined){
let data22 = data15.format;
if(typeof data22 !== "string"){
const err66 = {instancePath:instancePath+"/artifacts/" + i0+"/format",schemaPath:"#/properties/artifacts/items/properties/format/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.format.type,parentSchema:schema95.properties.artifacts.items.properties.format,data:data22};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(!((((((data22 === "binary") || (data22 === "archive")) || (data22 === "deb")) || (data22 === "rpm")) || (data22 === "pkg")) || (data22 === "windows"))){
const err67 = {instancePath:instancePath+"/artifacts/" + i0+"/format",schemaPath:"#/properties/artifacts/items/properties/format/enum",keyword:"enum",params:{allowedValues: schema95.properties.artifacts.items.properties.format.enum},schema:schema95.properties.artifacts.items.properties.format.enum,parentSchema:schema95.properties.artifacts.items.properties.format,data:data22};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data15.url !== undefined){
let data23 = data15.url;
if(typeof data23 === "string"){
if(func3(data23) > 2000){
const err68 = {instancePath:instancePath+"/artifacts/" + i0+"/url",schemaPath:"#/properties/artifacts/items/properties/url/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema95.properties.artifacts.items.properties.url,data:data23};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(func3(data23) < 1){
const err69 = {instancePath:instancePath+"/artifacts/" + i0+"/url",schemaPath:"#/properties/artifacts/items/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema95.properties.artifacts.items.properties.url,data:data23};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/artifacts/" + i0+"/url",schemaPath:"#/properties/artifacts/items/properties/url/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.url.type,parentSchema:schema95.properties.artifacts.items.properties.url,data:data23};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data15.size !== undefined){
let data24 = data15.size;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err71 = {instancePath:instancePath+"/artifacts/" + i0+"/size",schemaPath:"#/properties/artifacts/items/properties/size/type",keyword:"type",params:{type: "integer"},schema:schema95.properties.artifacts.items.properties.size.type,parentSchema:schema95.properties.artifacts.items.properties.size,data:data24};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 > 17179869184 || isNaN(data24)){
const err72 = {instancePath:instancePath+"/artifacts/" + i0+"/size",schemaPath:"#/properties/artifacts/items/properties/size/maximum",keyword:"maximum",params:{comparison: "<=", limit: 17179869184},schema:17179869184,parentSchema:schema95.properties.artifacts.items.properties.size,data:data24};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(data24 < 1 || isNaN(data24)){
const err73 = {instancePath:instancePath+"/artifacts/" + i0+"/size",schemaPath:"#/properties/artifacts/items/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema95.properties.artifacts.items.properties.size,data:data24};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
if(data15.sha256 !== undefined){
let data25 = data15.sha256;
if(typeof data25 === "string"){
if(!pattern56.test(data25)){
const err74 = {instancePath:instancePath+"/artifacts/" + i0+"/sha256",schemaPath:"#/properties/artifacts/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},schema:"^[0-9a-f]{64}$",parentSchema:schema95.properties.artifacts.items.properties.sha256,data:data25};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/artifacts/" + i0+"/sha256",schemaPath:"#/properties/artifacts/items/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.sha256.type,parentSchema:schema95.properties.artifacts.items.properties.sha256,data:data25};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data15.package !== undefined){
let data26 = data15.package;
if(typeof data26 === "string"){
if(!pattern57.test(data26)){
const err76 = {instancePath:instancePath+"/artifacts/" + i0+"/package",schemaPath:"#/properties/artifacts/items/properties/package/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$",parentSchema:schema95.properties.artifacts.items.properties.package,data:data26};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/artifacts/" + i0+"/package",schemaPath:"#/properties/artifacts/items/properties/package/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.package.type,parentSchema:schema95.properties.artifacts.items.properties.package,data:data26};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data15.packageVersion !== undefined){
let data27 = data15.packageVersion;
if(typeof data27 === "string"){
if(!pattern58.test(data27)){
const err78 = {instancePath:instancePath+"/artifacts/" + i0+"/packageVersion",schemaPath:"#/properties/artifacts/items/properties/packageVersion/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.+~:_^-]{0,127}$"},schema:"^[0-9A-Za-z][0-9A-Za-z.+~:_^-]{0,127}$",parentSchema:schema95.properties.artifacts.items.properties.packageVersion,data:data27};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
else {
const err79 = {instancePath:instancePath+"/artifacts/" + i0+"/packageVersion",schemaPath:"#/properties/artifacts/items/properties/packageVersion/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.packageVersion.type,parentSchema:schema95.properties.artifacts.items.properties.packageVersion,data:data27};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data15.repository !== undefined){
let data28 = data15.repository;
if(typeof data28 === "string"){
if(!pattern59.test(data28)){
const err80 = {instancePath:instancePath+"/artifacts/" + i0+"/repository",schemaPath:"#/properties/artifacts/items/properties/repository/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",parentSchema:schema95.properties.artifacts.items.properties.repository,data:data28};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/artifacts/" + i0+"/repository",schemaPath:"#/properties/artifacts/items/properties/repository/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.repository.type,parentSchema:schema95.properties.artifacts.items.properties.repository,data:data28};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data15.active !== undefined){
let data29 = data15.active;
if(typeof data29 !== "boolean"){
const err82 = {instancePath:instancePath+"/artifacts/" + i0+"/active",schemaPath:"#/properties/artifacts/items/properties/active/type",keyword:"type",params:{type: "boolean"},schema:schema95.properties.artifacts.items.properties.active.type,parentSchema:schema95.properties.artifacts.items.properties.active,data:data29};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data15.deltas !== undefined){
let data30 = data15.deltas;
if(Array.isArray(data30)){
if(data30.length > 20){
const err83 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas",schemaPath:"#/properties/artifacts/items/properties/deltas/maxItems",keyword:"maxItems",params:{limit: 20},schema:20,parentSchema:schema95.properties.artifacts.items.properties.deltas,data:data30};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if(data30.length < 1){
const err84 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas",schemaPath:"#/properties/artifacts/items/properties/deltas/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema95.properties.artifacts.items.properties.deltas,data:data30};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
const len1 = data30.length;
for(let i1=0; i1<len1; i1++){
let data31 = data30[i1];
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.from === undefined){
const err85 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1,schemaPath:"#/properties/artifacts/items/properties/deltas/items/required",keyword:"required",params:{missingProperty: "from"},schema:schema95.properties.artifacts.items.properties.deltas.items.required,parentSchema:schema95.properties.artifacts.items.properties.deltas.items,data:data31};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(data31.url === undefined){
const err86 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1,schemaPath:"#/properties/artifacts/items/properties/deltas/items/required",keyword:"required",params:{missingProperty: "url"},schema:schema95.properties.artifacts.items.properties.deltas.items.required,parentSchema:schema95.properties.artifacts.items.properties.deltas.items,data:data31};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(data31.size === undefined){
const err87 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1,schemaPath:"#/properties/artifacts/items/properties/deltas/items/required",keyword:"required",params:{missingProperty: "size"},schema:schema95.properties.artifacts.items.properties.deltas.items.required,parentSchema:schema95.properties.artifacts.items.properties.deltas.items,data:data31};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(data31.sha256 === undefined){
const err88 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1,schemaPath:"#/properties/artifacts/items/properties/deltas/items/required",keyword:"required",params:{missingProperty: "sha256"},schema:schema95.properties.artifacts.items.properties.deltas.items.required,parentSchema:schema95.properties.artifacts.items.properties.deltas.items,data:data31};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
for(const key4 in data31){
if(!((((key4 === "from") || (key4 === "url")) || (key4 === "size")) || (key4 === "sha256"))){
const err89 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1,schemaPath:"#/properties/artifacts/items/properties/deltas/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},schema:false,parentSchema:schema95.properties.artifacts.items.properties.deltas.items,data:data31};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data31.from !== undefined){
let data32 = data31.from;
if(typeof data32 === "string"){
if(!pattern56.test(data32)){
const err90 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/from",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/from/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},schema:"^[0-9a-f]{64}$",parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.from,data:data32};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/from",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/from/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.deltas.items.properties.from.type,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.from,data:data32};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data31.url !== undefined){
let data33 = data31.url;
if(typeof data33 === "string"){
if(func3(data33) > 2000){
const err92 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/url",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/url/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.url,data:data33};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(func3(data33) < 1){
const err93 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/url",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/url/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.url,data:data33};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
else {
const err94 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/url",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/url/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.deltas.items.properties.url.type,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.url,data:data33};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
if(data31.size !== undefined){
let data34 = data31.size;
if(!(((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34))) && (isFinite(data34)))){
const err95 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/size",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/size/type",keyword:"type",params:{type: "integer"},schema:schema95.properties.artifacts.items.properties.deltas.items.properties.size.type,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.size,data:data34};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if((typeof data34 == "number") && (isFinite(data34))){
if(data34 > 17179869184 || isNaN(data34)){
const err96 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/size",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/size/maximum",keyword:"maximum",params:{comparison: "<=", limit: 17179869184},schema:17179869184,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.size,data:data34};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if(data34 < 1 || isNaN(data34)){
const err97 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/size",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.size,data:data34};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
}
if(data31.sha256 !== undefined){
let data35 = data31.sha256;
if(typeof data35 === "string"){
if(!pattern56.test(data35)){
const err98 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/sha256",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"},schema:"^[0-9a-f]{64}$",parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.sha256,data:data35};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1+"/sha256",schemaPath:"#/properties/artifacts/items/properties/deltas/items/properties/sha256/type",keyword:"type",params:{type: "string"},schema:schema95.properties.artifacts.items.properties.deltas.items.properties.sha256.type,parentSchema:schema95.properties.artifacts.items.properties.deltas.items.properties.sha256,data:data35};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
else {
const err100 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas/" + i1,schemaPath:"#/properties/artifacts/items/properties/deltas/items/type",keyword:"type",params:{type: "object"},schema:schema95.properties.artifacts.items.properties.deltas.items.type,parentSchema:schema95.properties.artifacts.items.properties.deltas.items,data:data31};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
}
else {
const err101 = {instancePath:instancePath+"/artifacts/" + i0+"/deltas",schemaPath:"#/properties/artifacts/items/properties/deltas/type",keyword:"type",params:{type: "array"},schema:schema95.properties.artifacts.items.properties.deltas.type,parentSchema:schema95.properties.artifacts.items.properties.deltas,data:data30};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data15.requires !== undefined){
if(!(validate41(data15.requires, {instancePath:instancePath+"/artifacts/" + i0+"/requires",parentData:data15,parentDataProperty:"requires",rootData}))){
vErrors = vErrors === null ? validate41.errors : vErrors.concat(validate41.errors);
errors = vErrors.length;
}
}
}
else {
const err102 = {instancePath:instancePath+"/artifacts/" + i0,schemaPath:"#/properties/artifacts/items/type",keyword:"type",params:{type: "object"},schema:schema95.properties.artifacts.items.type,parentSchema:schema95.properties.artifacts.items,data:data15};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
else {
const err103 = {instancePath:instancePath+"/artifacts",schemaPath:"#/properties/artifacts/type",keyword:"type",params:{type: "array"},schema:schema95.properties.artifacts.type,parentSchema:schema95.properties.artifacts,data:data14};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data.acknowledge !== undefined){
if(!(validate44(data.acknowledge, {instancePath:instancePath+"/acknowledge",parentData:data,parentDataProperty:"acknowledge",rootData}))){
vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors);
errors = vErrors.length;
}
}
}
else {
const err104 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema95.type,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
validate40.errors = vErrors;
return errors === 0;
}

export const tenant = validate46;
const schema117 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"tenant.schema.json","title":"TenantState","description":"One tenant: `tenants/<tenant>.yaml`.","type":"object","additionalProperties":false,"properties":{"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that devices of this tenant follow."},"paused":{"$ref":"common.schema.json#/$defs/pause"},"autoUpdate":{"$ref":"common.schema.json#/$defs/autoUpdate"},"window":{"$ref":"common.schema.json#/$defs/window"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"localOverrides":{"$ref":"common.schema.json#/$defs/localOverrides"},"products":{"$ref":"common.schema.json#/$defs/products"},"sites":{"description":"Places of the tenant.","type":"object","propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/scope"},"maxProperties":10000},"groups":{"description":"Groups of devices; the first that speaks wins.","type":"object","propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/group"},"maxProperties":1000},"devices":{"description":"Single devices, by id.","type":"object","propertyNames":{"pattern":"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/scope"},"maxProperties":100000},"formerly":{"description":"Names that the tenant had before, newest first. It goes on answering to each: machines that enrolled under one find the same settings, and take the present name over with a check-in. A name is taken out when no machine asks for it any more (`fairlead status` counts those that check in): with an entry in `removed` of fleet.yaml, as `fairlead tenant remove` does.","type":"array","uniqueItems":true,"maxItems":50,"items":{"$ref":"common.schema.json#/$defs/name"}},"acknowledge":{"$ref":"common.schema.json#/$defs/acknowledge"}}};
const schema159 = {"description":"Lower-case letters, digits and dashes; starts with a letter; at most 63 characters.","form":"name","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"};

function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data !== "boolean"){
const err0 = {instancePath,schemaPath:"#/oneOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema15.oneOf[0].type,parentSchema:schema15.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reason === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "reason"},schema:schema15.oneOf[1].required,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "until"))){
const err2 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err3 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.until !== undefined){
let data1 = data.until;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},schema:schema15.oneOf[1].type,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err10 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema15.oneOf,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate47.errors = vErrors;
return errors === 0;
}


function validate49(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.days === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "days"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.start === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "start"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.duration === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "duration"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.timeZone === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "timeZone"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "days") || (key0 === "start")) || (key0 === "duration")) || (key0 === "timeZone")) || (key0 === "onReturn"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.days !== undefined){
let data0 = data.days;
if(Array.isArray(data0)){
if(data0.length > 7){
const err5 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/maxItems",keyword:"maxItems",params:{limit: 7},schema:7,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data0.length < 1){
const err6 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/days/" + i0,schemaPath:"#/properties/days/items/type",keyword:"type",params:{type: "string"},schema:schema22.properties.days.items.type,parentSchema:schema22.properties.days.items,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(((((((data1 === "mon") || (data1 === "tue")) || (data1 === "wed")) || (data1 === "thu")) || (data1 === "fri")) || (data1 === "sat")) || (data1 === "sun"))){
const err8 = {instancePath:instancePath+"/days/" + i0,schemaPath:"#/properties/days/items/enum",keyword:"enum",params:{allowedValues: schema22.properties.days.items.enum},schema:schema22.properties.days.items.enum,parentSchema:schema22.properties.days.items,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
let i1 = data0.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data0[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err9 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err10 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/type",keyword:"type",params:{type: "array"},schema:schema22.properties.days.type,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.start !== undefined){
let data2 = data.start;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err11 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema22.properties.start,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/type",keyword:"type",params:{type: "string"},schema:schema22.properties.start.type,parentSchema:schema22.properties.start,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.duration !== undefined){
let data3 = data.duration;
if(!(keyword1(data3))){
const err13 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(typeof data3 === "string"){
if(!pattern2.test(data3)){
const err14 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.timeZone !== undefined){
let data4 = data.timeZone;
if(!(keyword4(data4))){
const err16 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/form",keyword:"form",params:{},schema:"timeZone",parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(typeof data4 === "string"){
if(func3(data4) > 64){
const err17 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(func3(data4) < 1){
const err18 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/type",keyword:"type",params:{type: "string"},schema:schema22.properties.timeZone.type,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.onReturn !== undefined){
let data5 = data.onReturn;
if(typeof data5 !== "string"){
const err20 = {instancePath:instancePath+"/onReturn",schemaPath:"#/properties/onReturn/type",keyword:"type",params:{type: "string"},schema:schema22.properties.onReturn.type,parentSchema:schema22.properties.onReturn,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(!((data5 === "window") || (data5 === "now"))){
const err21 = {instancePath:instancePath+"/onReturn",schemaPath:"#/properties/onReturn/enum",keyword:"enum",params:{allowedValues: schema22.properties.onReturn.enum},schema:schema22.properties.onReturn.enum,parentSchema:schema22.properties.onReturn,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema22.type,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate49.errors = vErrors;
return errors === 0;
}


function validate51(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 50){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.length < 1){
const err1 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.from === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "from"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.to === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "to"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.reason === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "from") || (key0 === "to")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "except"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.from !== undefined){
let data1 = data0.from;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.to !== undefined){
let data2 = data0.to;
if(!(keyword0(data2))){
const err9 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.owner.type,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.except !== undefined){
let data5 = data0.except;
if(typeof data5 !== "string"){
const err18 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.except.type,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(data5 === "security")){
const err19 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/enum",keyword:"enum",params:{allowedValues: schema24.items.properties.except.enum},schema:schema24.items.properties.except.enum,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema24.items.type,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate51.errors = vErrors;
return errors === 0;
}

const schema130 = {"description":"What this scope says about one product only; nearer than what it says about all.","type":"object","propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"$ref":"common.schema.json#/$defs/settings"},"maxProperties":1000};
const schema131 = {"title":"SettingsState","description":"What this scope says about one product.","type":"object","additionalProperties":false,"properties":{"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that devices of this scope follow."},"pin":{"$ref":"common.schema.json#/$defs/pin"},"paused":{"$ref":"common.schema.json#/$defs/pause"},"autoUpdate":{"$ref":"common.schema.json#/$defs/autoUpdate"},"window":{"$ref":"common.schema.json#/$defs/window"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"localOverrides":{"$ref":"common.schema.json#/$defs/localOverrides"}}};
const schema133 = {"title":"PinState","description":"An exact version for this scope. The nearest pin wins over the channel.","type":"object","additionalProperties":false,"required":["version"],"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"The version that the scope is held at."},"reason":{"$ref":"common.schema.json#/$defs/reason"},"owner":{"$ref":"common.schema.json#/$defs/owner"},"expires":{"$ref":"common.schema.json#/$defs/date"}}};

function validate55(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},schema:schema133.required,parentSchema:schema133,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "version") || (key0 === "reason")) || (key0 === "owner")) || (key0 === "expires"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema133,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.version !== undefined){
let data0 = data.version;
if(typeof data0 === "string"){
if(func3(data0) > 64){
const err2 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func3(data0) < 1){
const err3 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern3.test(data0)){
const err4 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/version",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.reason !== undefined){
let data1 = data.reason;
if(typeof data1 === "string"){
if(func3(data1) > 500){
const err6 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.owner !== undefined){
let data2 = data.owner;
if(typeof data2 === "string"){
if(func3(data2) > 200){
const err9 = {instancePath:instancePath+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(func3(data2) < 1){
const err10 = {instancePath:instancePath+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.expires !== undefined){
let data3 = data.expires;
if(!(keyword0(data3))){
const err12 = {instancePath:instancePath+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(typeof data3 === "string"){
if(!pattern1.test(data3)){
const err13 = {instancePath:instancePath+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema133.type,parentSchema:schema133,data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
validate55.errors = vErrors;
return errors === 0;
}


function validate57(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data !== "boolean"){
const err0 = {instancePath,schemaPath:"#/oneOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema15.oneOf[0].type,parentSchema:schema15.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.reason === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "reason"},schema:schema15.oneOf[1].required,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "reason") || (key0 === "until"))){
const err2 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.reason !== undefined){
let data0 = data.reason;
if(typeof data0 === "string"){
if(func3(data0) > 500){
const err3 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data0) < 1){
const err4 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.until !== undefined){
let data1 = data.until;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/until",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "object"},schema:schema15.oneOf[1].type,parentSchema:schema15.oneOf[1],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err10 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema15.oneOf,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate57.errors = vErrors;
return errors === 0;
}


function validate59(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.days === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "days"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.start === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "start"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.duration === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "duration"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.timeZone === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "timeZone"},schema:schema22.required,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "days") || (key0 === "start")) || (key0 === "duration")) || (key0 === "timeZone")) || (key0 === "onReturn"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.days !== undefined){
let data0 = data.days;
if(Array.isArray(data0)){
if(data0.length > 7){
const err5 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/maxItems",keyword:"maxItems",params:{limit: 7},schema:7,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data0.length < 1){
const err6 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/days/" + i0,schemaPath:"#/properties/days/items/type",keyword:"type",params:{type: "string"},schema:schema22.properties.days.items.type,parentSchema:schema22.properties.days.items,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(((((((data1 === "mon") || (data1 === "tue")) || (data1 === "wed")) || (data1 === "thu")) || (data1 === "fri")) || (data1 === "sat")) || (data1 === "sun"))){
const err8 = {instancePath:instancePath+"/days/" + i0,schemaPath:"#/properties/days/items/enum",keyword:"enum",params:{allowedValues: schema22.properties.days.items.enum},schema:schema22.properties.days.items.enum,parentSchema:schema22.properties.days.items,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
let i1 = data0.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data0[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err9 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err10 = {instancePath:instancePath+"/days",schemaPath:"#/properties/days/type",keyword:"type",params:{type: "array"},schema:schema22.properties.days.type,parentSchema:schema22.properties.days,data:data0};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.start !== undefined){
let data2 = data.start;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err11 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema22.properties.start,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/type",keyword:"type",params:{type: "string"},schema:schema22.properties.start.type,parentSchema:schema22.properties.start,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.duration !== undefined){
let data3 = data.duration;
if(!(keyword1(data3))){
const err13 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(typeof data3 === "string"){
if(!pattern2.test(data3)){
const err14 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/duration",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.timeZone !== undefined){
let data4 = data.timeZone;
if(!(keyword4(data4))){
const err16 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/form",keyword:"form",params:{},schema:"timeZone",parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(typeof data4 === "string"){
if(func3(data4) > 64){
const err17 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(func3(data4) < 1){
const err18 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/timeZone",schemaPath:"#/properties/timeZone/type",keyword:"type",params:{type: "string"},schema:schema22.properties.timeZone.type,parentSchema:schema22.properties.timeZone,data:data4};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.onReturn !== undefined){
let data5 = data.onReturn;
if(typeof data5 !== "string"){
const err20 = {instancePath:instancePath+"/onReturn",schemaPath:"#/properties/onReturn/type",keyword:"type",params:{type: "string"},schema:schema22.properties.onReturn.type,parentSchema:schema22.properties.onReturn,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(!((data5 === "window") || (data5 === "now"))){
const err21 = {instancePath:instancePath+"/onReturn",schemaPath:"#/properties/onReturn/enum",keyword:"enum",params:{allowedValues: schema22.properties.onReturn.enum},schema:schema22.properties.onReturn.enum,parentSchema:schema22.properties.onReturn,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema22.type,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate59.errors = vErrors;
return errors === 0;
}


function validate61(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 50){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.length < 1){
const err1 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.from === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "from"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.to === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "to"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.reason === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema24.items.required,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "from") || (key0 === "to")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "except"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.from !== undefined){
let data1 = data0.from;
if(!(keyword0(data1))){
const err6 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err7 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.to !== undefined){
let data2 = data0.to;
if(!(keyword0(data2))){
const err9 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/to",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"#/items/properties/owner/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.owner.type,parentSchema:schema24.items.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.except !== undefined){
let data5 = data0.except;
if(typeof data5 !== "string"){
const err18 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/type",keyword:"type",params:{type: "string"},schema:schema24.items.properties.except.type,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(data5 === "security")){
const err19 = {instancePath:instancePath+"/" + i0+"/except",schemaPath:"#/items/properties/except/enum",keyword:"enum",params:{allowedValues: schema24.items.properties.except.enum},schema:schema24.items.properties.except.enum,parentSchema:schema24.items.properties.except,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema24.items.type,parentSchema:schema24.items,data:data0};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate61.errors = vErrors;
return errors === 0;
}


function validate54(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "channel") || (key0 === "pin")) || (key0 === "paused")) || (key0 === "autoUpdate")) || (key0 === "window")) || (key0 === "freeze")) || (key0 === "localOverrides"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema131,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.channel !== undefined){
let data0 = data.channel;
if(typeof data0 === "string"){
if(func3(data0) > 63){
const err1 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.pin !== undefined){
if(!(validate55(data.pin, {instancePath:instancePath+"/pin",parentData:data,parentDataProperty:"pin",rootData}))){
vErrors = vErrors === null ? validate55.errors : vErrors.concat(validate55.errors);
errors = vErrors.length;
}
}
if(data.paused !== undefined){
if(!(validate57(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
errors = vErrors.length;
}
}
if(data.autoUpdate !== undefined){
let data3 = data.autoUpdate;
if(typeof data3 !== "boolean"){
const err4 = {instancePath:instancePath+"/autoUpdate",schemaPath:"common.schema.json#/$defs/autoUpdate/type",keyword:"type",params:{type: "boolean"},schema:schema21.type,parentSchema:schema21,data:data3};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.window !== undefined){
if(!(validate59(data.window, {instancePath:instancePath+"/window",parentData:data,parentDataProperty:"window",rootData}))){
vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate61(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors);
errors = vErrors.length;
}
}
if(data.localOverrides !== undefined){
let data6 = data.localOverrides;
if(typeof data6 !== "string"){
const err5 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/type",keyword:"type",params:{type: "string"},schema:schema28.type,parentSchema:schema28,data:data6};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((data6 === "allow") || (data6 === "deny"))){
const err6 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/enum",keyword:"enum",params:{allowedValues: schema28.enum},schema:schema28.enum,parentSchema:schema28,data:data6};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema131.type,parentSchema:schema131,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate54.errors = vErrors;
return errors === 0;
}


function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length > 1000){
const err0 = {instancePath,schemaPath:"#/maxProperties",keyword:"maxProperties",params:{limit: 1000},schema:1000,parentSchema:schema130,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
const _errs1 = errors;
if(typeof key0 === "string"){
if(!pattern9.test(key0)){
const err1 = {instancePath,schemaPath:"#/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema130.propertyNames,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var valid0 = _errs1 === errors;
if(!valid0){
const err2 = {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},schema:schema130.propertyNames,parentSchema:schema130,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
for(const key1 in data){
if(!(validate54(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
else {
const err3 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema130.type,parentSchema:schema130,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
validate53.errors = vErrors;
return errors === 0;
}

const schema149 = {"title":"ScopeState","description":"A site or a device: the same keys as the tenant.","type":"object","additionalProperties":false,"properties":{"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that devices of this scope follow."},"paused":{"$ref":"common.schema.json#/$defs/pause"},"autoUpdate":{"$ref":"common.schema.json#/$defs/autoUpdate"},"window":{"$ref":"common.schema.json#/$defs/window"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"localOverrides":{"$ref":"common.schema.json#/$defs/localOverrides"},"products":{"$ref":"common.schema.json#/$defs/products"}}};

function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length > 1000){
const err0 = {instancePath,schemaPath:"#/maxProperties",keyword:"maxProperties",params:{limit: 1000},schema:1000,parentSchema:schema130,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
const _errs1 = errors;
if(typeof key0 === "string"){
if(!pattern9.test(key0)){
const err1 = {instancePath,schemaPath:"#/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema130.propertyNames,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var valid0 = _errs1 === errors;
if(!valid0){
const err2 = {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},schema:schema130.propertyNames,parentSchema:schema130,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
for(const key1 in data){
if(!(validate54(data[key1], {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
errors = vErrors.length;
}
}
}
else {
const err3 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema130.type,parentSchema:schema130,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
validate69.errors = vErrors;
return errors === 0;
}


function validate65(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "channel") || (key0 === "paused")) || (key0 === "autoUpdate")) || (key0 === "window")) || (key0 === "freeze")) || (key0 === "localOverrides")) || (key0 === "products"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema149,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.channel !== undefined){
let data0 = data.channel;
if(typeof data0 === "string"){
if(func3(data0) > 63){
const err1 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.paused !== undefined){
if(!(validate57(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
errors = vErrors.length;
}
}
if(data.autoUpdate !== undefined){
let data2 = data.autoUpdate;
if(typeof data2 !== "boolean"){
const err4 = {instancePath:instancePath+"/autoUpdate",schemaPath:"common.schema.json#/$defs/autoUpdate/type",keyword:"type",params:{type: "boolean"},schema:schema21.type,parentSchema:schema21,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.window !== undefined){
if(!(validate59(data.window, {instancePath:instancePath+"/window",parentData:data,parentDataProperty:"window",rootData}))){
vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate61(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors);
errors = vErrors.length;
}
}
if(data.localOverrides !== undefined){
let data5 = data.localOverrides;
if(typeof data5 !== "string"){
const err5 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/type",keyword:"type",params:{type: "string"},schema:schema28.type,parentSchema:schema28,data:data5};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((data5 === "allow") || (data5 === "deny"))){
const err6 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/enum",keyword:"enum",params:{allowedValues: schema28.enum},schema:schema28.enum,parentSchema:schema28,data:data5};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.products !== undefined){
if(!(validate69(data.products, {instancePath:instancePath+"/products",parentData:data,parentDataProperty:"products",rootData}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema149.type,parentSchema:schema149,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate65.errors = vErrors;
return errors === 0;
}

const schema154 = {"title":"GroupState","description":"A group of devices. Where a device is in several, the one listed first wins.","type":"object","additionalProperties":false,"properties":{"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that devices of this scope follow."},"paused":{"$ref":"common.schema.json#/$defs/pause"},"autoUpdate":{"$ref":"common.schema.json#/$defs/autoUpdate"},"window":{"$ref":"common.schema.json#/$defs/window"},"freeze":{"$ref":"common.schema.json#/$defs/freeze"},"localOverrides":{"$ref":"common.schema.json#/$defs/localOverrides"},"products":{"$ref":"common.schema.json#/$defs/products"},"devices":{"description":"The devices in this group.","type":"array","uniqueItems":true,"maxItems":100000,"items":{"$ref":"common.schema.json#/$defs/deviceId"}},"match":{"description":"Devices with all of these labels and facts are in the group too, beside the listed ones. A key is a label given at enrolment, or a fact such as `facts.platform`, `facts.os` or `facts.glibc`; a value is one, or a list of which one must hold. Facts that are counted take a range.","type":"object","minProperties":1,"maxProperties":20,"propertyNames":{"pattern":"^(?:[a-z][a-z0-9-]{0,62}|facts\\.(?:platform|os|osVersion|glibc|musl|kernel|macos|windowsBuild|cpu))$"},"additionalProperties":{"oneOf":[{"type":"string","minLength":1,"maxLength":256,"form":"matchText","pattern":"^[ -~]+$"},{"type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":256,"form":"matchText","pattern":"^[ -~]+$"}}]}}}};
const pattern85 = new RegExp("^(?:[a-z][a-z0-9-]{0,62}|facts\\.(?:platform|os|osVersion|glibc|musl|kernel|macos|windowsBuild|cpu))$", "u");
const pattern86 = new RegExp("^[ -~]+$", "u");

function validate73(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema154.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema154,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.channel !== undefined){
let data0 = data.channel;
if(typeof data0 === "string"){
if(func3(data0) > 63){
const err1 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.paused !== undefined){
if(!(validate57(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors);
errors = vErrors.length;
}
}
if(data.autoUpdate !== undefined){
let data2 = data.autoUpdate;
if(typeof data2 !== "boolean"){
const err4 = {instancePath:instancePath+"/autoUpdate",schemaPath:"common.schema.json#/$defs/autoUpdate/type",keyword:"type",params:{type: "boolean"},schema:schema21.type,parentSchema:schema21,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.window !== undefined){
if(!(validate59(data.window, {instancePath:instancePath+"/window",parentData:data,parentDataProperty:"window",rootData}))){
vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate61(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors);
errors = vErrors.length;
}
}
if(data.localOverrides !== undefined){
let data5 = data.localOverrides;
if(typeof data5 !== "string"){
const err5 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/type",keyword:"type",params:{type: "string"},schema:schema28.type,parentSchema:schema28,data:data5};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((data5 === "allow") || (data5 === "deny"))){
const err6 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/enum",keyword:"enum",params:{allowedValues: schema28.enum},schema:schema28.enum,parentSchema:schema28,data:data5};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.products !== undefined){
if(!(validate69(data.products, {instancePath:instancePath+"/products",parentData:data,parentDataProperty:"products",rootData}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
}
if(data.devices !== undefined){
let data7 = data.devices;
if(Array.isArray(data7)){
if(data7.length > 100000){
const err7 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/maxItems",keyword:"maxItems",params:{limit: 100000},schema:100000,parentSchema:schema154.properties.devices,data:data7};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
if(typeof data8 === "string"){
if(!pattern30.test(data8)){
const err8 = {instancePath:instancePath+"/devices/" + i0,schemaPath:"common.schema.json#/$defs/deviceId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",parentSchema:schema69,data:data8};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/devices/" + i0,schemaPath:"common.schema.json#/$defs/deviceId/type",keyword:"type",params:{type: "string"},schema:schema69.type,parentSchema:schema69,data:data8};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
let i1 = data7.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data7[i1], data7[j0])){
const err10 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema154.properties.devices,data:data7};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err11 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/type",keyword:"type",params:{type: "array"},schema:schema154.properties.devices.type,parentSchema:schema154.properties.devices,data:data7};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.match !== undefined){
let data9 = data.match;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(Object.keys(data9).length > 20){
const err12 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/maxProperties",keyword:"maxProperties",params:{limit: 20},schema:20,parentSchema:schema154.properties.match,data:data9};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(Object.keys(data9).length < 1){
const err13 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema154.properties.match,data:data9};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key1 in data9){
const _errs23 = errors;
if(typeof key1 === "string"){
if(!pattern85.test(key1)){
const err14 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/propertyNames/pattern",keyword:"pattern",params:{pattern: "^(?:[a-z][a-z0-9-]{0,62}|facts\\.(?:platform|os|osVersion|glibc|musl|kernel|macos|windowsBuild|cpu))$"},schema:"^(?:[a-z][a-z0-9-]{0,62}|facts\\.(?:platform|os|osVersion|glibc|musl|kernel|macos|windowsBuild|cpu))$",parentSchema:schema154.properties.match.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
var valid9 = _errs23 === errors;
if(!valid9){
const err15 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/propertyNames",keyword:"propertyNames",params:{propertyName: key1},schema:schema154.properties.match.propertyNames,parentSchema:schema154.properties.match,data:data9};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
for(const key2 in data9){
let data10 = data9[key2];
const _errs26 = errors;
let valid11 = false;
let passing0 = null;
const _errs27 = errors;
if(typeof data10 === "string"){
if(func3(data10) > 256){
const err16 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema154.properties.match.additionalProperties.oneOf[0],data:data10};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(func3(data10) < 1){
const err17 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema154.properties.match.additionalProperties.oneOf[0],data:data10};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!pattern86.test(data10)){
const err18 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/0/pattern",keyword:"pattern",params:{pattern: "^[ -~]+$"},schema:"^[ -~]+$",parentSchema:schema154.properties.match.additionalProperties.oneOf[0],data:data10};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/0/type",keyword:"type",params:{type: "string"},schema:schema154.properties.match.additionalProperties.oneOf[0].type,parentSchema:schema154.properties.match.additionalProperties.oneOf[0],data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
var _valid0 = _errs27 === errors;
if(_valid0){
valid11 = true;
passing0 = 0;
}
const _errs29 = errors;
if(Array.isArray(data10)){
if(data10.length > 50){
const err20 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/1/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema154.properties.match.additionalProperties.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data10.length < 1){
const err21 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema154.properties.match.additionalProperties.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
const len1 = data10.length;
for(let i2=0; i2<len1; i2++){
let data11 = data10[i2];
if(typeof data11 === "string"){
if(func3(data11) > 256){
const err22 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/properties/match/additionalProperties/oneOf/1/items/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema154.properties.match.additionalProperties.oneOf[1].items,data:data11};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(func3(data11) < 1){
const err23 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/properties/match/additionalProperties/oneOf/1/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema154.properties.match.additionalProperties.oneOf[1].items,data:data11};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(!pattern86.test(data11)){
const err24 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/properties/match/additionalProperties/oneOf/1/items/pattern",keyword:"pattern",params:{pattern: "^[ -~]+$"},schema:"^[ -~]+$",parentSchema:schema154.properties.match.additionalProperties.oneOf[1].items,data:data11};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i2,schemaPath:"#/properties/match/additionalProperties/oneOf/1/items/type",keyword:"type",params:{type: "string"},schema:schema154.properties.match.additionalProperties.oneOf[1].items.type,parentSchema:schema154.properties.match.additionalProperties.oneOf[1].items,data:data11};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
let i3 = data10.length;
let j1;
if(i3 > 1){
const indices0 = {};
for(;i3--;){
let item0 = data10[i3];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j1 = indices0[item0];
const err26 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/1/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},schema:true,parentSchema:schema154.properties.match.additionalProperties.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
break;
}
indices0[item0] = i3;
}
}
}
else {
const err27 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf/1/type",keyword:"type",params:{type: "array"},schema:schema154.properties.match.additionalProperties.oneOf[1].type,parentSchema:schema154.properties.match.additionalProperties.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
var _valid0 = _errs29 === errors;
if(_valid0 && valid11){
valid11 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid11 = true;
passing0 = 1;
}
}
if(!valid11){
const err28 = {instancePath:instancePath+"/match/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/match/additionalProperties/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema154.properties.match.additionalProperties.oneOf,parentSchema:schema154.properties.match.additionalProperties,data:data10};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
else {
errors = _errs26;
if(vErrors !== null){
if(_errs26){
vErrors.length = _errs26;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err29 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/type",keyword:"type",params:{type: "object"},schema:schema154.properties.match.type,parentSchema:schema154.properties.match,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema154.type,parentSchema:schema154,data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
validate73.errors = vErrors;
return errors === 0;
}


function validate80(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 1000){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.rule === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "rule"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.reason === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.owner === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "owner"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.expires === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "expires"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "rule") || (key0 === "at")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "expires"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.rule !== undefined){
let data1 = data0.rule;
if(typeof data1 === "string"){
if(func3(data1) > 100){
const err6 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/maxLength",keyword:"maxLength",params:{limit: 100},schema:100,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/type",keyword:"type",params:{type: "string"},schema:schema32.type,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.at !== undefined){
let data2 = data0.at;
if(typeof data2 === "string"){
if(func3(data2) > 1000){
const err9 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!pattern12.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/pattern",keyword:"pattern",params:{pattern: "^(/([^~/]|~[01])*)+$"},schema:"^(/([^~/]|~[01])*)+$",parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/type",keyword:"type",params:{type: "string"},schema:schema33.type,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.expires !== undefined){
let data5 = data0.expires;
if(!(keyword0(data5))){
const err18 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
const err19 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema46.items.type,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema46.type,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate80.errors = vErrors;
return errors === 0;
}


function validate46(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="tenant.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema117.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema117,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.channel !== undefined){
let data0 = data.channel;
if(typeof data0 === "string"){
if(func3(data0) > 63){
const err1 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!pattern0.test(data0)){
const err2 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.paused !== undefined){
if(!(validate47(data.paused, {instancePath:instancePath+"/paused",parentData:data,parentDataProperty:"paused",rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
}
if(data.autoUpdate !== undefined){
let data2 = data.autoUpdate;
if(typeof data2 !== "boolean"){
const err4 = {instancePath:instancePath+"/autoUpdate",schemaPath:"common.schema.json#/$defs/autoUpdate/type",keyword:"type",params:{type: "boolean"},schema:schema21.type,parentSchema:schema21,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.window !== undefined){
if(!(validate49(data.window, {instancePath:instancePath+"/window",parentData:data,parentDataProperty:"window",rootData}))){
vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
errors = vErrors.length;
}
}
if(data.freeze !== undefined){
if(!(validate51(data.freeze, {instancePath:instancePath+"/freeze",parentData:data,parentDataProperty:"freeze",rootData}))){
vErrors = vErrors === null ? validate51.errors : vErrors.concat(validate51.errors);
errors = vErrors.length;
}
}
if(data.localOverrides !== undefined){
let data5 = data.localOverrides;
if(typeof data5 !== "string"){
const err5 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/type",keyword:"type",params:{type: "string"},schema:schema28.type,parentSchema:schema28,data:data5};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((data5 === "allow") || (data5 === "deny"))){
const err6 = {instancePath:instancePath+"/localOverrides",schemaPath:"common.schema.json#/$defs/localOverrides/enum",keyword:"enum",params:{allowedValues: schema28.enum},schema:schema28.enum,parentSchema:schema28,data:data5};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.products !== undefined){
if(!(validate53(data.products, {instancePath:instancePath+"/products",parentData:data,parentDataProperty:"products",rootData}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
if(data.sites !== undefined){
let data7 = data.sites;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(Object.keys(data7).length > 10000){
const err7 = {instancePath:instancePath+"/sites",schemaPath:"#/properties/sites/maxProperties",keyword:"maxProperties",params:{limit: 10000},schema:10000,parentSchema:schema117.properties.sites,data:data7};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
for(const key1 in data7){
const _errs18 = errors;
if(typeof key1 === "string"){
if(!pattern9.test(key1)){
const err8 = {instancePath:instancePath+"/sites",schemaPath:"#/properties/sites/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema117.properties.sites.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var valid5 = _errs18 === errors;
if(!valid5){
const err9 = {instancePath:instancePath+"/sites",schemaPath:"#/properties/sites/propertyNames",keyword:"propertyNames",params:{propertyName: key1},schema:schema117.properties.sites.propertyNames,parentSchema:schema117.properties.sites,data:data7};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
for(const key2 in data7){
if(!(validate65(data7[key2], {instancePath:instancePath+"/sites/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data7,parentDataProperty:key2,rootData}))){
vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors);
errors = vErrors.length;
}
}
}
else {
const err10 = {instancePath:instancePath+"/sites",schemaPath:"#/properties/sites/type",keyword:"type",params:{type: "object"},schema:schema117.properties.sites.type,parentSchema:schema117.properties.sites,data:data7};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.groups !== undefined){
let data9 = data.groups;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(Object.keys(data9).length > 1000){
const err11 = {instancePath:instancePath+"/groups",schemaPath:"#/properties/groups/maxProperties",keyword:"maxProperties",params:{limit: 1000},schema:1000,parentSchema:schema117.properties.groups,data:data9};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
for(const key3 in data9){
const _errs23 = errors;
if(typeof key3 === "string"){
if(!pattern9.test(key3)){
const err12 = {instancePath:instancePath+"/groups",schemaPath:"#/properties/groups/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema117.properties.groups.propertyNames,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var valid7 = _errs23 === errors;
if(!valid7){
const err13 = {instancePath:instancePath+"/groups",schemaPath:"#/properties/groups/propertyNames",keyword:"propertyNames",params:{propertyName: key3},schema:schema117.properties.groups.propertyNames,parentSchema:schema117.properties.groups,data:data9};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
for(const key4 in data9){
if(!(validate73(data9[key4], {instancePath:instancePath+"/groups/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data9,parentDataProperty:key4,rootData}))){
vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors);
errors = vErrors.length;
}
}
}
else {
const err14 = {instancePath:instancePath+"/groups",schemaPath:"#/properties/groups/type",keyword:"type",params:{type: "object"},schema:schema117.properties.groups.type,parentSchema:schema117.properties.groups,data:data9};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.devices !== undefined){
let data11 = data.devices;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
if(Object.keys(data11).length > 100000){
const err15 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/maxProperties",keyword:"maxProperties",params:{limit: 100000},schema:100000,parentSchema:schema117.properties.devices,data:data11};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key5 in data11){
const _errs28 = errors;
if(typeof key5 === "string"){
if(!pattern30.test(key5)){
const err16 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",parentSchema:schema117.properties.devices.propertyNames,data:key5,propertyName:key5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
var valid9 = _errs28 === errors;
if(!valid9){
const err17 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/propertyNames",keyword:"propertyNames",params:{propertyName: key5},schema:schema117.properties.devices.propertyNames,parentSchema:schema117.properties.devices,data:data11};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
for(const key6 in data11){
if(!(validate65(data11[key6], {instancePath:instancePath+"/devices/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data11,parentDataProperty:key6,rootData}))){
vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath:instancePath+"/devices",schemaPath:"#/properties/devices/type",keyword:"type",params:{type: "object"},schema:schema117.properties.devices.type,parentSchema:schema117.properties.devices,data:data11};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.formerly !== undefined){
let data13 = data.formerly;
if(Array.isArray(data13)){
if(data13.length > 50){
const err19 = {instancePath:instancePath+"/formerly",schemaPath:"#/properties/formerly/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema117.properties.formerly,data:data13};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
const len0 = data13.length;
for(let i0=0; i0<len0; i0++){
let data14 = data13[i0];
if(typeof data14 === "string"){
if(!pattern9.test(data14)){
const err20 = {instancePath:instancePath+"/formerly/" + i0,schemaPath:"common.schema.json#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema159,data:data14};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/formerly/" + i0,schemaPath:"common.schema.json#/$defs/name/type",keyword:"type",params:{type: "string"},schema:schema159.type,parentSchema:schema159,data:data14};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
let i1 = data13.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data13[i1], data13[j0])){
const err22 = {instancePath:instancePath+"/formerly",schemaPath:"#/properties/formerly/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema117.properties.formerly,data:data13};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err23 = {instancePath:instancePath+"/formerly",schemaPath:"#/properties/formerly/type",keyword:"type",params:{type: "array"},schema:schema117.properties.formerly.type,parentSchema:schema117.properties.formerly,data:data13};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.acknowledge !== undefined){
if(!(validate80(data.acknowledge, {instancePath:instancePath+"/acknowledge",parentData:data,parentDataProperty:"acknowledge",rootData}))){
vErrors = vErrors === null ? validate80.errors : vErrors.concat(validate80.errors);
errors = vErrors.length;
}
}
}
else {
const err24 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema117.type,parentSchema:schema117,data};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
validate46.errors = vErrors;
return errors === 0;
}

export const expectations = validate82;
const schema166 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"expectations.schema.json","title":"ExpectationsState","description":"What must hold of the fleet, as tests: `expectations/<name>.yaml`. `fairlead validate`, `plan` and `expect` check them by the decisions that machines will make; the manifest does not have them, and no machine waits for them. docs/expectations.md tells how to write some.","type":"object","additionalProperties":false,"required":["expect"],"properties":{"expect":{"description":"The expectations, each for itself.","type":"array","minItems":1,"maxItems":1000,"items":{"title":"ExpectationState","description":"One expectation: for whom, when, and exactly one of `decides`, `never`, `atMost` and `notDuring`.","type":"object","additionalProperties":false,"required":["that"],"properties":{"that":{"description":"What is expected, in a sentence that stands in every message about it. No two in a file say the same.","type":"string","minLength":1,"maxLength":200},"reason":{"$ref":"common.schema.json#/$defs/reason"},"owner":{"$ref":"common.schema.json#/$defs/owner"},"for":{"title":"ExpectedScopeState","description":"For which machines an expectation is; all of the fleet when absent. A machine must fit every key that is given.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"product":{"allOf":[{"$ref":"common.schema.json#/$defs/scopeName"}],"description":"One product; every product when absent."},"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"Those that follow this channel."},"tenant":{"allOf":[{"$ref":"common.schema.json#/$defs/scopeName"}],"description":"Those of this tenant."},"site":{"allOf":[{"$ref":"common.schema.json#/$defs/scopeName"}],"description":"Those at this site of the tenant."},"group":{"allOf":[{"$ref":"common.schema.json#/$defs/scopeName"}],"description":"Those in this group of the tenant."},"device":{"allOf":[{"$ref":"common.schema.json#/$defs/deviceId"}],"description":"This machine alone."},"platform":{"$ref":"common.schema.json#/$defs/platform"},"labels":{"description":"Those with all of these labels; of several values, one must hold.","type":"object","minProperties":1,"maxProperties":50,"propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"oneOf":[{"type":"string","minLength":1,"maxLength":63,"form":"matchText","pattern":"^[ -~]+$"},{"type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":63,"form":"matchText","pattern":"^[ -~]+$"}}]}},"installed":{"allOf":[{"$ref":"common.schema.json#/$defs/version"}],"description":"Those that run this version. Without an inventory the machines are taken to run it; when absent, what the channel had before its last promotion."},"except":{"title":"ExpectedExceptionState","description":"Who is left out of it.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"tenants":{"description":"Tenants.","type":"array","minItems":1,"maxItems":1000,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/scopeName"}},"sites":{"description":"Sites of the tenant.","type":"array","minItems":1,"maxItems":10000,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/scopeName"}},"groups":{"description":"Groups of the tenant.","type":"array","minItems":1,"maxItems":1000,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/scopeName"}},"devices":{"description":"Single machines.","type":"array","minItems":1,"maxItems":10000,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/deviceId"}}}}}},"at":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"The one time at which it is looked at. Without `at`, `from` and `until` it holds from now on, for good."},"from":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"From when on it holds; now, when absent."},"until":{"allOf":[{"$ref":"common.schema.json#/$defs/date"}],"description":"Until when it holds. A date alone ends it as that day begins, UTC."},"decides":{"title":"ExpectedOutcomeState","description":"What must be decided for each of the machines, all the time. Every key that is given must hold.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/range"}],"description":"The version that the machines run: one, or a range."},"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that they follow."},"action":{"description":"What is decided for them: `stay` (they run what they should), `update` or `rollback`, `hold` (something keeps them from a version that is there for them: a pause, halt, freeze, window, wave, or that nobody asked), `paused` (a pause does), `refuse` (what is offered cannot be taken).","type":"string","enum":["stay","update","rollback","hold","paused","refuse"]}}},"never":{"title":"ForbiddenOutcomeState","description":"What must be decided for none of them at any time. With several keys, all together.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"version":{"allOf":[{"$ref":"common.schema.json#/$defs/range"}],"description":"The version that the machines run: one, or a range."},"channel":{"allOf":[{"$ref":"common.schema.json#/$defs/channelName"}],"description":"The channel that they follow."},"action":{"description":"What is decided for them: `stay` (they run what they should), `update` or `rollback`, `hold` (something keeps them from a version that is there for them: a pause, halt, freeze, window, wave, or that nobody asked), `paused` (a pause does), `refuse` (what is offered cannot be taken).","type":"string","enum":["stay","update","rollback","hold","paused","refuse"]}}},"atMost":{"title":"ExpectedPaceState","description":"How many may change their version in a span of time. With an inventory, real machines are counted, and one may always go; without one, each tenant is taken as a whole (each site or group where `of` says so) and counted by its waves, from the last promotion of its channel on.","type":"object","additionalProperties":false,"required":["share","within"],"properties":{"share":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"The largest share that may."},"of":{"description":"Of what it is the largest share: of each tenant, each site and so on, counted for each product.","type":"string","enum":["fleet","tenant","site","group","channel","platform"],"default":"fleet"},"within":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"The span of time, wherever it begins."}}},"notDuring":{"title":"ExpectedQuietState","description":"When no machine may change its version.","type":"object","additionalProperties":false,"required":["days","start","duration","timeZone"],"properties":{"days":{"description":"The days on which it begins.","type":"array","minItems":1,"maxItems":7,"uniqueItems":true,"items":{"type":"string","enum":["mon","tue","wed","thu","fri","sat","sun"],"form":"weekday"}},"start":{"description":"Wall-clock time at which it begins, 24 hours.","type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9]$","form":"clockTime"},"duration":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"How long it lasts; at most a day."},"timeZone":{"description":"A time zone of the IANA database.","type":"string","minLength":1,"maxLength":64,"form":"timeZone"}}}}}},"acknowledge":{"$ref":"common.schema.json#/$defs/acknowledge"}}};

function validate83(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length > 1000){
const err0 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.rule === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "rule"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.reason === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "reason"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.owner === undefined){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "owner"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data0.expires === undefined){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "expires"},schema:schema46.items.required,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data0){
if(!(((((key0 === "rule") || (key0 === "at")) || (key0 === "reason")) || (key0 === "owner")) || (key0 === "expires"))){
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data0.rule !== undefined){
let data1 = data0.rule;
if(typeof data1 === "string"){
if(func3(data1) > 100){
const err6 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/maxLength",keyword:"maxLength",params:{limit: 100},schema:100,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data1) < 1){
const err7 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/rule",schemaPath:"common.schema.json#/$defs/ruleId/type",keyword:"type",params:{type: "string"},schema:schema32.type,parentSchema:schema32,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.at !== undefined){
let data2 = data0.at;
if(typeof data2 === "string"){
if(func3(data2) > 1000){
const err9 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/maxLength",keyword:"maxLength",params:{limit: 1000},schema:1000,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!pattern12.test(data2)){
const err10 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/pattern",keyword:"pattern",params:{pattern: "^(/([^~/]|~[01])*)+$"},schema:"^(/([^~/]|~[01])*)+$",parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"common.schema.json#/$defs/placeInFile/type",keyword:"type",params:{type: "string"},schema:schema33.type,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data0.reason !== undefined){
let data3 = data0.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err12 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data3) < 1){
const err13 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data0.owner !== undefined){
let data4 = data0.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err15 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(func3(data4) < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data0.expires !== undefined){
let data5 = data0.expires;
if(!(keyword0(data5))){
const err18 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
const err19 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/" + i0+"/expires",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},schema:schema46.items.type,parentSchema:schema46.items,data:data0};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema46.type,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate83.errors = vErrors;
return errors === 0;
}


function validate82(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="expectations.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.expect === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "expect"},schema:schema166.required,parentSchema:schema166,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "expect") || (key0 === "acknowledge"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema166,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.expect !== undefined){
let data0 = data.expect;
if(Array.isArray(data0)){
if(data0.length > 1000){
const err2 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema166.properties.expect,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0.length < 1){
const err3 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.that === undefined){
const err4 = {instancePath:instancePath+"/expect/" + i0,schemaPath:"#/properties/expect/items/required",keyword:"required",params:{missingProperty: "that"},schema:schema166.properties.expect.items.required,parentSchema:schema166.properties.expect.items,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key1 in data1){
if(!(func2.call(schema166.properties.expect.items.properties, key1))){
const err5 = {instancePath:instancePath+"/expect/" + i0,schemaPath:"#/properties/expect/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema166.properties.expect.items,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data1.that !== undefined){
let data2 = data1.that;
if(typeof data2 === "string"){
if(func3(data2) > 200){
const err6 = {instancePath:instancePath+"/expect/" + i0+"/that",schemaPath:"#/properties/expect/items/properties/that/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema166.properties.expect.items.properties.that,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data2) < 1){
const err7 = {instancePath:instancePath+"/expect/" + i0+"/that",schemaPath:"#/properties/expect/items/properties/that/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.that,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/expect/" + i0+"/that",schemaPath:"#/properties/expect/items/properties/that/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.that.type,parentSchema:schema166.properties.expect.items.properties.that,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data1.reason !== undefined){
let data3 = data1.reason;
if(typeof data3 === "string"){
if(func3(data3) > 500){
const err9 = {instancePath:instancePath+"/expect/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/maxLength",keyword:"maxLength",params:{limit: 500},schema:500,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(func3(data3) < 1){
const err10 = {instancePath:instancePath+"/expect/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/expect/" + i0+"/reason",schemaPath:"common.schema.json#/$defs/reason/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data1.owner !== undefined){
let data4 = data1.owner;
if(typeof data4 === "string"){
if(func3(data4) > 200){
const err12 = {instancePath:instancePath+"/expect/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data4) < 1){
const err13 = {instancePath:instancePath+"/expect/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/expect/" + i0+"/owner",schemaPath:"common.schema.json#/$defs/owner/type",keyword:"type",params:{type: "string"},schema:schema31.type,parentSchema:schema31,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data1.for !== undefined){
let data5 = data1.for;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(Object.keys(data5).length < 1){
const err15 = {instancePath:instancePath+"/expect/" + i0+"/for",schemaPath:"#/properties/expect/items/properties/for/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key2 in data5){
if(!(func2.call(schema166.properties.expect.items.properties.for.properties, key2))){
const err16 = {instancePath:instancePath+"/expect/" + i0+"/for",schemaPath:"#/properties/expect/items/properties/for/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema166.properties.expect.items.properties.for,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data5.product !== undefined){
let data6 = data5.product;
if(typeof data6 === "string"){
if(!pattern9.test(data6)){
const err17 = {instancePath:instancePath+"/expect/" + i0+"/for/product",schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/expect/" + i0+"/for/product",schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data5.channel !== undefined){
let data7 = data5.channel;
if(typeof data7 === "string"){
if(func3(data7) > 63){
const err19 = {instancePath:instancePath+"/expect/" + i0+"/for/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!pattern0.test(data7)){
const err20 = {instancePath:instancePath+"/expect/" + i0+"/for/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/expect/" + i0+"/for/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data5.tenant !== undefined){
let data8 = data5.tenant;
if(typeof data8 === "string"){
if(!pattern9.test(data8)){
const err22 = {instancePath:instancePath+"/expect/" + i0+"/for/tenant",schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data8};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/expect/" + i0+"/for/tenant",schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data5.site !== undefined){
let data9 = data5.site;
if(typeof data9 === "string"){
if(!pattern9.test(data9)){
const err24 = {instancePath:instancePath+"/expect/" + i0+"/for/site",schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/expect/" + i0+"/for/site",schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data9};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data5.group !== undefined){
let data10 = data5.group;
if(typeof data10 === "string"){
if(!pattern9.test(data10)){
const err26 = {instancePath:instancePath+"/expect/" + i0+"/for/group",schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data10};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/expect/" + i0+"/for/group",schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data10};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data5.device !== undefined){
let data11 = data5.device;
if(typeof data11 === "string"){
if(!pattern30.test(data11)){
const err28 = {instancePath:instancePath+"/expect/" + i0+"/for/device",schemaPath:"common.schema.json#/$defs/deviceId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",parentSchema:schema69,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/expect/" + i0+"/for/device",schemaPath:"common.schema.json#/$defs/deviceId/type",keyword:"type",params:{type: "string"},schema:schema69.type,parentSchema:schema69,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data5.platform !== undefined){
let data12 = data5.platform;
if(typeof data12 === "string"){
if(!pattern55.test(data12)){
const err30 = {instancePath:instancePath+"/expect/" + i0+"/for/platform",schemaPath:"common.schema.json#/$defs/platform/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+-[a-z0-9_]+$"},schema:"^[a-z0-9]+-[a-z0-9_]+$",parentSchema:schema110,data:data12};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/expect/" + i0+"/for/platform",schemaPath:"common.schema.json#/$defs/platform/type",keyword:"type",params:{type: "string"},schema:schema110.type,parentSchema:schema110,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data5.labels !== undefined){
let data13 = data5.labels;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(Object.keys(data13).length > 50){
const err32 = {instancePath:instancePath+"/expect/" + i0+"/for/labels",schemaPath:"#/properties/expect/items/properties/for/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 50},schema:50,parentSchema:schema166.properties.expect.items.properties.for.properties.labels,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(Object.keys(data13).length < 1){
const err33 = {instancePath:instancePath+"/expect/" + i0+"/for/labels",schemaPath:"#/properties/expect/items/properties/for/properties/labels/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.labels,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
for(const key3 in data13){
const _errs47 = errors;
if(typeof key3 === "string"){
if(!pattern9.test(key3)){
const err34 = {instancePath:instancePath+"/expect/" + i0+"/for/labels",schemaPath:"#/properties/expect/items/properties/for/properties/labels/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema166.properties.expect.items.properties.for.properties.labels.propertyNames,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
var valid20 = _errs47 === errors;
if(!valid20){
const err35 = {instancePath:instancePath+"/expect/" + i0+"/for/labels",schemaPath:"#/properties/expect/items/properties/for/properties/labels/propertyNames",keyword:"propertyNames",params:{propertyName: key3},schema:schema166.properties.expect.items.properties.for.properties.labels.propertyNames,parentSchema:schema166.properties.expect.items.properties.for.properties.labels,data:data13};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
for(const key4 in data13){
let data14 = data13[key4];
const _errs50 = errors;
let valid22 = false;
let passing0 = null;
const _errs51 = errors;
if(typeof data14 === "string"){
if(func3(data14) > 63){
const err36 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[0],data:data14};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(func3(data14) < 1){
const err37 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[0],data:data14};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(!pattern86.test(data14)){
const err38 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/0/pattern",keyword:"pattern",params:{pattern: "^[ -~]+$"},schema:"^[ -~]+$",parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[0],data:data14};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/0/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[0].type,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[0],data:data14};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
var _valid0 = _errs51 === errors;
if(_valid0){
valid22 = true;
passing0 = 0;
}
const _errs53 = errors;
if(Array.isArray(data14)){
if(data14.length > 50){
const err40 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1],data:data14};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data14.length < 1){
const err41 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1],data:data14};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
const len1 = data14.length;
for(let i1=0; i1<len1; i1++){
let data15 = data14[i1];
if(typeof data15 === "string"){
if(func3(data15) > 63){
const err42 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/items/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1].items,data:data15};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(func3(data15) < 1){
const err43 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1].items,data:data15};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(!pattern86.test(data15)){
const err44 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/items/pattern",keyword:"pattern",params:{pattern: "^[ -~]+$"},schema:"^[ -~]+$",parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1].items,data:data15};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/items/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1].items.type,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1].items,data:data15};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
let i2 = data14.length;
let j0;
if(i2 > 1){
const indices0 = {};
for(;i2--;){
let item0 = data14[i2];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err46 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0},schema:true,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1],data:data14};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
break;
}
indices0[item0] = i2;
}
}
}
else {
const err47 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf/1/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1].type,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf[1],data:data14};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
var _valid0 = _errs53 === errors;
if(_valid0 && valid22){
valid22 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid22 = true;
passing0 = 1;
}
}
if(!valid22){
const err48 = {instancePath:instancePath+"/expect/" + i0+"/for/labels/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/expect/items/properties/for/properties/labels/additionalProperties/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},schema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties.oneOf,parentSchema:schema166.properties.expect.items.properties.for.properties.labels.additionalProperties,data:data14};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
else {
errors = _errs50;
if(vErrors !== null){
if(_errs50){
vErrors.length = _errs50;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err49 = {instancePath:instancePath+"/expect/" + i0+"/for/labels",schemaPath:"#/properties/expect/items/properties/for/properties/labels/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.for.properties.labels.type,parentSchema:schema166.properties.expect.items.properties.for.properties.labels,data:data13};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data5.installed !== undefined){
let data16 = data5.installed;
if(typeof data16 === "string"){
if(func3(data16) > 64){
const err50 = {instancePath:instancePath+"/expect/" + i0+"/for/installed",schemaPath:"common.schema.json#/$defs/version/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema19,data:data16};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(func3(data16) < 1){
const err51 = {instancePath:instancePath+"/expect/" + i0+"/for/installed",schemaPath:"common.schema.json#/$defs/version/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema19,data:data16};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(!pattern3.test(data16)){
const err52 = {instancePath:instancePath+"/expect/" + i0+"/for/installed",schemaPath:"common.schema.json#/$defs/version/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][0-9A-Za-z.-]*$"},schema:"^[0-9A-Za-z][0-9A-Za-z.-]*$",parentSchema:schema19,data:data16};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/expect/" + i0+"/for/installed",schemaPath:"common.schema.json#/$defs/version/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data16};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data5.except !== undefined){
let data17 = data5.except;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(Object.keys(data17).length < 1){
const err54 = {instancePath:instancePath+"/expect/" + i0+"/for/except",schemaPath:"#/properties/expect/items/properties/for/properties/except/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.except,data:data17};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
for(const key5 in data17){
if(!((((key5 === "tenants") || (key5 === "sites")) || (key5 === "groups")) || (key5 === "devices"))){
const err55 = {instancePath:instancePath+"/expect/" + i0+"/for/except",schemaPath:"#/properties/expect/items/properties/for/properties/except/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},schema:false,parentSchema:schema166.properties.expect.items.properties.for.properties.except,data:data17};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data17.tenants !== undefined){
let data18 = data17.tenants;
if(Array.isArray(data18)){
if(data18.length > 1000){
const err56 = {instancePath:instancePath+"/expect/" + i0+"/for/except/tenants",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/tenants/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.tenants,data:data18};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(data18.length < 1){
const err57 = {instancePath:instancePath+"/expect/" + i0+"/for/except/tenants",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/tenants/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.tenants,data:data18};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
const len2 = data18.length;
for(let i3=0; i3<len2; i3++){
let data19 = data18[i3];
if(typeof data19 === "string"){
if(!pattern9.test(data19)){
const err58 = {instancePath:instancePath+"/expect/" + i0+"/for/except/tenants/" + i3,schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data19};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/expect/" + i0+"/for/except/tenants/" + i3,schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data19};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
let i4 = data18.length;
let j1;
if(i4 > 1){
outer0:
for(;i4--;){
for(j1 = i4; j1--;){
if(func0(data18[i4], data18[j1])){
const err60 = {instancePath:instancePath+"/expect/" + i0+"/for/except/tenants",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/tenants/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j1},schema:true,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.tenants,data:data18};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err61 = {instancePath:instancePath+"/expect/" + i0+"/for/except/tenants",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/tenants/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.items.properties.for.properties.except.properties.tenants.type,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.tenants,data:data18};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data17.sites !== undefined){
let data20 = data17.sites;
if(Array.isArray(data20)){
if(data20.length > 10000){
const err62 = {instancePath:instancePath+"/expect/" + i0+"/for/except/sites",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/sites/maxItems",keyword:"maxItems",params:{limit: 10000},schema:10000,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.sites,data:data20};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data20.length < 1){
const err63 = {instancePath:instancePath+"/expect/" + i0+"/for/except/sites",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/sites/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.sites,data:data20};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
const len3 = data20.length;
for(let i5=0; i5<len3; i5++){
let data21 = data20[i5];
if(typeof data21 === "string"){
if(!pattern9.test(data21)){
const err64 = {instancePath:instancePath+"/expect/" + i0+"/for/except/sites/" + i5,schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data21};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/expect/" + i0+"/for/except/sites/" + i5,schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data21};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
let i6 = data20.length;
let j2;
if(i6 > 1){
outer1:
for(;i6--;){
for(j2 = i6; j2--;){
if(func0(data20[i6], data20[j2])){
const err66 = {instancePath:instancePath+"/expect/" + i0+"/for/except/sites",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/sites/uniqueItems",keyword:"uniqueItems",params:{i: i6, j: j2},schema:true,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.sites,data:data20};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
break outer1;
}
}
}
}
}
else {
const err67 = {instancePath:instancePath+"/expect/" + i0+"/for/except/sites",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/sites/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.items.properties.for.properties.except.properties.sites.type,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.sites,data:data20};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data17.groups !== undefined){
let data22 = data17.groups;
if(Array.isArray(data22)){
if(data22.length > 1000){
const err68 = {instancePath:instancePath+"/expect/" + i0+"/for/except/groups",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/groups/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.groups,data:data22};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data22.length < 1){
const err69 = {instancePath:instancePath+"/expect/" + i0+"/for/except/groups",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/groups/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.groups,data:data22};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
const len4 = data22.length;
for(let i7=0; i7<len4; i7++){
let data23 = data22[i7];
if(typeof data23 === "string"){
if(!pattern9.test(data23)){
const err70 = {instancePath:instancePath+"/expect/" + i0+"/for/except/groups/" + i7,schemaPath:"common.schema.json#/$defs/scopeName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema75,data:data23};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
else {
const err71 = {instancePath:instancePath+"/expect/" + i0+"/for/except/groups/" + i7,schemaPath:"common.schema.json#/$defs/scopeName/type",keyword:"type",params:{type: "string"},schema:schema75.type,parentSchema:schema75,data:data23};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
let i8 = data22.length;
let j3;
if(i8 > 1){
outer2:
for(;i8--;){
for(j3 = i8; j3--;){
if(func0(data22[i8], data22[j3])){
const err72 = {instancePath:instancePath+"/expect/" + i0+"/for/except/groups",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/groups/uniqueItems",keyword:"uniqueItems",params:{i: i8, j: j3},schema:true,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.groups,data:data22};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
break outer2;
}
}
}
}
}
else {
const err73 = {instancePath:instancePath+"/expect/" + i0+"/for/except/groups",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/groups/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.items.properties.for.properties.except.properties.groups.type,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.groups,data:data22};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data17.devices !== undefined){
let data24 = data17.devices;
if(Array.isArray(data24)){
if(data24.length > 10000){
const err74 = {instancePath:instancePath+"/expect/" + i0+"/for/except/devices",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/devices/maxItems",keyword:"maxItems",params:{limit: 10000},schema:10000,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.devices,data:data24};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(data24.length < 1){
const err75 = {instancePath:instancePath+"/expect/" + i0+"/for/except/devices",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/devices/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.devices,data:data24};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
const len5 = data24.length;
for(let i9=0; i9<len5; i9++){
let data25 = data24[i9];
if(typeof data25 === "string"){
if(!pattern30.test(data25)){
const err76 = {instancePath:instancePath+"/expect/" + i0+"/for/except/devices/" + i9,schemaPath:"common.schema.json#/$defs/deviceId/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},schema:"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",parentSchema:schema69,data:data25};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/expect/" + i0+"/for/except/devices/" + i9,schemaPath:"common.schema.json#/$defs/deviceId/type",keyword:"type",params:{type: "string"},schema:schema69.type,parentSchema:schema69,data:data25};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
let i10 = data24.length;
let j4;
if(i10 > 1){
outer3:
for(;i10--;){
for(j4 = i10; j4--;){
if(func0(data24[i10], data24[j4])){
const err78 = {instancePath:instancePath+"/expect/" + i0+"/for/except/devices",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/devices/uniqueItems",keyword:"uniqueItems",params:{i: i10, j: j4},schema:true,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.devices,data:data24};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
break outer3;
}
}
}
}
}
else {
const err79 = {instancePath:instancePath+"/expect/" + i0+"/for/except/devices",schemaPath:"#/properties/expect/items/properties/for/properties/except/properties/devices/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.items.properties.for.properties.except.properties.devices.type,parentSchema:schema166.properties.expect.items.properties.for.properties.except.properties.devices,data:data24};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
}
else {
const err80 = {instancePath:instancePath+"/expect/" + i0+"/for/except",schemaPath:"#/properties/expect/items/properties/for/properties/except/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.for.properties.except.type,parentSchema:schema166.properties.expect.items.properties.for.properties.except,data:data17};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
}
else {
const err81 = {instancePath:instancePath+"/expect/" + i0+"/for",schemaPath:"#/properties/expect/items/properties/for/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.for.type,parentSchema:schema166.properties.expect.items.properties.for,data:data5};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data1.at !== undefined){
let data26 = data1.at;
if(!(keyword0(data26))){
const err82 = {instancePath:instancePath+"/expect/" + i0+"/at",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data26};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
if(typeof data26 === "string"){
if(!pattern1.test(data26)){
const err83 = {instancePath:instancePath+"/expect/" + i0+"/at",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data26};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
else {
const err84 = {instancePath:instancePath+"/expect/" + i0+"/at",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data26};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data1.from !== undefined){
let data27 = data1.from;
if(!(keyword0(data27))){
const err85 = {instancePath:instancePath+"/expect/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data27};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(typeof data27 === "string"){
if(!pattern1.test(data27)){
const err86 = {instancePath:instancePath+"/expect/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data27};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/expect/" + i0+"/from",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data27};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data1.until !== undefined){
let data28 = data1.until;
if(!(keyword0(data28))){
const err88 = {instancePath:instancePath+"/expect/" + i0+"/until",schemaPath:"common.schema.json#/$defs/date/form",keyword:"form",params:{},schema:"date",parentSchema:schema17,data:data28};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(typeof data28 === "string"){
if(!pattern1.test(data28)){
const err89 = {instancePath:instancePath+"/expect/" + i0+"/until",schemaPath:"common.schema.json#/$defs/date/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$"},schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$",parentSchema:schema17,data:data28};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/expect/" + i0+"/until",schemaPath:"common.schema.json#/$defs/date/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data:data28};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data1.decides !== undefined){
let data29 = data1.decides;
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
if(Object.keys(data29).length < 1){
const err91 = {instancePath:instancePath+"/expect/" + i0+"/decides",schemaPath:"#/properties/expect/items/properties/decides/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.decides,data:data29};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
for(const key6 in data29){
if(!(((key6 === "version") || (key6 === "channel")) || (key6 === "action"))){
const err92 = {instancePath:instancePath+"/expect/" + i0+"/decides",schemaPath:"#/properties/expect/items/properties/decides/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},schema:false,parentSchema:schema166.properties.expect.items.properties.decides,data:data29};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data29.version !== undefined){
let data30 = data29.version;
if(typeof data30 === "string"){
if(func3(data30) > 256){
const err93 = {instancePath:instancePath+"/expect/" + i0+"/decides/version",schemaPath:"common.schema.json#/$defs/range/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema97,data:data30};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(func3(data30) < 1){
const err94 = {instancePath:instancePath+"/expect/" + i0+"/decides/version",schemaPath:"common.schema.json#/$defs/range/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema97,data:data30};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/expect/" + i0+"/decides/version",schemaPath:"common.schema.json#/$defs/range/type",keyword:"type",params:{type: "string"},schema:schema97.type,parentSchema:schema97,data:data30};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data29.channel !== undefined){
let data31 = data29.channel;
if(typeof data31 === "string"){
if(func3(data31) > 63){
const err96 = {instancePath:instancePath+"/expect/" + i0+"/decides/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data31};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if(!pattern0.test(data31)){
const err97 = {instancePath:instancePath+"/expect/" + i0+"/decides/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data31};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
else {
const err98 = {instancePath:instancePath+"/expect/" + i0+"/decides/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data31};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data29.action !== undefined){
let data32 = data29.action;
if(typeof data32 !== "string"){
const err99 = {instancePath:instancePath+"/expect/" + i0+"/decides/action",schemaPath:"#/properties/expect/items/properties/decides/properties/action/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.decides.properties.action.type,parentSchema:schema166.properties.expect.items.properties.decides.properties.action,data:data32};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(!((((((data32 === "stay") || (data32 === "update")) || (data32 === "rollback")) || (data32 === "hold")) || (data32 === "paused")) || (data32 === "refuse"))){
const err100 = {instancePath:instancePath+"/expect/" + i0+"/decides/action",schemaPath:"#/properties/expect/items/properties/decides/properties/action/enum",keyword:"enum",params:{allowedValues: schema166.properties.expect.items.properties.decides.properties.action.enum},schema:schema166.properties.expect.items.properties.decides.properties.action.enum,parentSchema:schema166.properties.expect.items.properties.decides.properties.action,data:data32};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
}
else {
const err101 = {instancePath:instancePath+"/expect/" + i0+"/decides",schemaPath:"#/properties/expect/items/properties/decides/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.decides.type,parentSchema:schema166.properties.expect.items.properties.decides,data:data29};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data1.never !== undefined){
let data33 = data1.never;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
if(Object.keys(data33).length < 1){
const err102 = {instancePath:instancePath+"/expect/" + i0+"/never",schemaPath:"#/properties/expect/items/properties/never/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.never,data:data33};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
for(const key7 in data33){
if(!(((key7 === "version") || (key7 === "channel")) || (key7 === "action"))){
const err103 = {instancePath:instancePath+"/expect/" + i0+"/never",schemaPath:"#/properties/expect/items/properties/never/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},schema:false,parentSchema:schema166.properties.expect.items.properties.never,data:data33};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data33.version !== undefined){
let data34 = data33.version;
if(typeof data34 === "string"){
if(func3(data34) > 256){
const err104 = {instancePath:instancePath+"/expect/" + i0+"/never/version",schemaPath:"common.schema.json#/$defs/range/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema97,data:data34};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(func3(data34) < 1){
const err105 = {instancePath:instancePath+"/expect/" + i0+"/never/version",schemaPath:"common.schema.json#/$defs/range/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema97,data:data34};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
else {
const err106 = {instancePath:instancePath+"/expect/" + i0+"/never/version",schemaPath:"common.schema.json#/$defs/range/type",keyword:"type",params:{type: "string"},schema:schema97.type,parentSchema:schema97,data:data34};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
if(data33.channel !== undefined){
let data35 = data33.channel;
if(typeof data35 === "string"){
if(func3(data35) > 63){
const err107 = {instancePath:instancePath+"/expect/" + i0+"/never/channel",schemaPath:"common.schema.json#/$defs/channelName/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema14,data:data35};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(!pattern0.test(data35)){
const err108 = {instancePath:instancePath+"/expect/" + i0+"/never/channel",schemaPath:"common.schema.json#/$defs/channelName/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},schema:"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$",parentSchema:schema14,data:data35};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
else {
const err109 = {instancePath:instancePath+"/expect/" + i0+"/never/channel",schemaPath:"common.schema.json#/$defs/channelName/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data35};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data33.action !== undefined){
let data36 = data33.action;
if(typeof data36 !== "string"){
const err110 = {instancePath:instancePath+"/expect/" + i0+"/never/action",schemaPath:"#/properties/expect/items/properties/never/properties/action/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.never.properties.action.type,parentSchema:schema166.properties.expect.items.properties.never.properties.action,data:data36};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(!((((((data36 === "stay") || (data36 === "update")) || (data36 === "rollback")) || (data36 === "hold")) || (data36 === "paused")) || (data36 === "refuse"))){
const err111 = {instancePath:instancePath+"/expect/" + i0+"/never/action",schemaPath:"#/properties/expect/items/properties/never/properties/action/enum",keyword:"enum",params:{allowedValues: schema166.properties.expect.items.properties.never.properties.action.enum},schema:schema166.properties.expect.items.properties.never.properties.action.enum,parentSchema:schema166.properties.expect.items.properties.never.properties.action,data:data36};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
else {
const err112 = {instancePath:instancePath+"/expect/" + i0+"/never",schemaPath:"#/properties/expect/items/properties/never/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.never.type,parentSchema:schema166.properties.expect.items.properties.never,data:data33};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data1.atMost !== undefined){
let data37 = data1.atMost;
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
if(data37.share === undefined){
const err113 = {instancePath:instancePath+"/expect/" + i0+"/atMost",schemaPath:"#/properties/expect/items/properties/atMost/required",keyword:"required",params:{missingProperty: "share"},schema:schema166.properties.expect.items.properties.atMost.required,parentSchema:schema166.properties.expect.items.properties.atMost,data:data37};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(data37.within === undefined){
const err114 = {instancePath:instancePath+"/expect/" + i0+"/atMost",schemaPath:"#/properties/expect/items/properties/atMost/required",keyword:"required",params:{missingProperty: "within"},schema:schema166.properties.expect.items.properties.atMost.required,parentSchema:schema166.properties.expect.items.properties.atMost,data:data37};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
for(const key8 in data37){
if(!(((key8 === "share") || (key8 === "of")) || (key8 === "within"))){
const err115 = {instancePath:instancePath+"/expect/" + i0+"/atMost",schemaPath:"#/properties/expect/items/properties/atMost/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},schema:false,parentSchema:schema166.properties.expect.items.properties.atMost,data:data37};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
if(data37.share !== undefined){
let data38 = data37.share;
if((!((typeof data38 == "number") && (isFinite(data38)))) && (typeof data38 !== "string")){
const err116 = {instancePath:instancePath+"/expect/" + i0+"/atMost/share",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema65.type},schema:schema65.type,parentSchema:schema65,data:data38};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(!(keyword16(data38))){
const err117 = {instancePath:instancePath+"/expect/" + i0+"/atMost/share",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema65,data:data38};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if((typeof data38 == "number") && (isFinite(data38))){
if(data38 > 100 || isNaN(data38)){
const err118 = {instancePath:instancePath+"/expect/" + i0+"/atMost/share",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema65,data:data38};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(data38 < 0 || isNaN(data38)){
const err119 = {instancePath:instancePath+"/expect/" + i0+"/atMost/share",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema65,data:data38};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(typeof data38 === "string"){
if(!pattern26.test(data38)){
const err120 = {instancePath:instancePath+"/expect/" + i0+"/atMost/share",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema65,data:data38};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
}
if(data37.of !== undefined){
let data39 = data37.of;
if(typeof data39 !== "string"){
const err121 = {instancePath:instancePath+"/expect/" + i0+"/atMost/of",schemaPath:"#/properties/expect/items/properties/atMost/properties/of/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.atMost.properties.of.type,parentSchema:schema166.properties.expect.items.properties.atMost.properties.of,data:data39};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if(!((((((data39 === "fleet") || (data39 === "tenant")) || (data39 === "site")) || (data39 === "group")) || (data39 === "channel")) || (data39 === "platform"))){
const err122 = {instancePath:instancePath+"/expect/" + i0+"/atMost/of",schemaPath:"#/properties/expect/items/properties/atMost/properties/of/enum",keyword:"enum",params:{allowedValues: schema166.properties.expect.items.properties.atMost.properties.of.enum},schema:schema166.properties.expect.items.properties.atMost.properties.of.enum,parentSchema:schema166.properties.expect.items.properties.atMost.properties.of,data:data39};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
if(data37.within !== undefined){
let data40 = data37.within;
if(!(keyword1(data40))){
const err123 = {instancePath:instancePath+"/expect/" + i0+"/atMost/within",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data40};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if(typeof data40 === "string"){
if(!pattern2.test(data40)){
const err124 = {instancePath:instancePath+"/expect/" + i0+"/atMost/within",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data40};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
else {
const err125 = {instancePath:instancePath+"/expect/" + i0+"/atMost/within",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data40};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
}
else {
const err126 = {instancePath:instancePath+"/expect/" + i0+"/atMost",schemaPath:"#/properties/expect/items/properties/atMost/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.atMost.type,parentSchema:schema166.properties.expect.items.properties.atMost,data:data37};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
if(data1.notDuring !== undefined){
let data41 = data1.notDuring;
if(data41 && typeof data41 == "object" && !Array.isArray(data41)){
if(data41.days === undefined){
const err127 = {instancePath:instancePath+"/expect/" + i0+"/notDuring",schemaPath:"#/properties/expect/items/properties/notDuring/required",keyword:"required",params:{missingProperty: "days"},schema:schema166.properties.expect.items.properties.notDuring.required,parentSchema:schema166.properties.expect.items.properties.notDuring,data:data41};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
if(data41.start === undefined){
const err128 = {instancePath:instancePath+"/expect/" + i0+"/notDuring",schemaPath:"#/properties/expect/items/properties/notDuring/required",keyword:"required",params:{missingProperty: "start"},schema:schema166.properties.expect.items.properties.notDuring.required,parentSchema:schema166.properties.expect.items.properties.notDuring,data:data41};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(data41.duration === undefined){
const err129 = {instancePath:instancePath+"/expect/" + i0+"/notDuring",schemaPath:"#/properties/expect/items/properties/notDuring/required",keyword:"required",params:{missingProperty: "duration"},schema:schema166.properties.expect.items.properties.notDuring.required,parentSchema:schema166.properties.expect.items.properties.notDuring,data:data41};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(data41.timeZone === undefined){
const err130 = {instancePath:instancePath+"/expect/" + i0+"/notDuring",schemaPath:"#/properties/expect/items/properties/notDuring/required",keyword:"required",params:{missingProperty: "timeZone"},schema:schema166.properties.expect.items.properties.notDuring.required,parentSchema:schema166.properties.expect.items.properties.notDuring,data:data41};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
for(const key9 in data41){
if(!((((key9 === "days") || (key9 === "start")) || (key9 === "duration")) || (key9 === "timeZone"))){
const err131 = {instancePath:instancePath+"/expect/" + i0+"/notDuring",schemaPath:"#/properties/expect/items/properties/notDuring/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},schema:false,parentSchema:schema166.properties.expect.items.properties.notDuring,data:data41};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
if(data41.days !== undefined){
let data42 = data41.days;
if(Array.isArray(data42)){
if(data42.length > 7){
const err132 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/days",schemaPath:"#/properties/expect/items/properties/notDuring/properties/days/maxItems",keyword:"maxItems",params:{limit: 7},schema:7,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.days,data:data42};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(data42.length < 1){
const err133 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/days",schemaPath:"#/properties/expect/items/properties/notDuring/properties/days/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.days,data:data42};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
const len6 = data42.length;
for(let i11=0; i11<len6; i11++){
let data43 = data42[i11];
if(typeof data43 !== "string"){
const err134 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/days/" + i11,schemaPath:"#/properties/expect/items/properties/notDuring/properties/days/items/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.notDuring.properties.days.items.type,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.days.items,data:data43};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
if(!(((((((data43 === "mon") || (data43 === "tue")) || (data43 === "wed")) || (data43 === "thu")) || (data43 === "fri")) || (data43 === "sat")) || (data43 === "sun"))){
const err135 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/days/" + i11,schemaPath:"#/properties/expect/items/properties/notDuring/properties/days/items/enum",keyword:"enum",params:{allowedValues: schema166.properties.expect.items.properties.notDuring.properties.days.items.enum},schema:schema166.properties.expect.items.properties.notDuring.properties.days.items.enum,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.days.items,data:data43};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
let i12 = data42.length;
let j5;
if(i12 > 1){
const indices1 = {};
for(;i12--;){
let item1 = data42[i12];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j5 = indices1[item1];
const err136 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/days",schemaPath:"#/properties/expect/items/properties/notDuring/properties/days/uniqueItems",keyword:"uniqueItems",params:{i: i12, j: j5},schema:true,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.days,data:data42};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
break;
}
indices1[item1] = i12;
}
}
}
else {
const err137 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/days",schemaPath:"#/properties/expect/items/properties/notDuring/properties/days/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.items.properties.notDuring.properties.days.type,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.days,data:data42};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data41.start !== undefined){
let data44 = data41.start;
if(typeof data44 === "string"){
if(!pattern5.test(data44)){
const err138 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/start",schemaPath:"#/properties/expect/items/properties/notDuring/properties/start/pattern",keyword:"pattern",params:{pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"},schema:"^([01][0-9]|2[0-3]):[0-5][0-9]$",parentSchema:schema166.properties.expect.items.properties.notDuring.properties.start,data:data44};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
else {
const err139 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/start",schemaPath:"#/properties/expect/items/properties/notDuring/properties/start/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.notDuring.properties.start.type,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.start,data:data44};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
if(data41.duration !== undefined){
let data45 = data41.duration;
if(!(keyword1(data45))){
const err140 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/duration",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema18,data:data45};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
if(typeof data45 === "string"){
if(!pattern2.test(data45)){
const err141 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/duration",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema18,data:data45};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
else {
const err142 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/duration",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data:data45};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data41.timeZone !== undefined){
let data46 = data41.timeZone;
if(!(keyword4(data46))){
const err143 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/timeZone",schemaPath:"#/properties/expect/items/properties/notDuring/properties/timeZone/form",keyword:"form",params:{},schema:"timeZone",parentSchema:schema166.properties.expect.items.properties.notDuring.properties.timeZone,data:data46};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
if(typeof data46 === "string"){
if(func3(data46) > 64){
const err144 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/timeZone",schemaPath:"#/properties/expect/items/properties/notDuring/properties/timeZone/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.timeZone,data:data46};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if(func3(data46) < 1){
const err145 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/timeZone",schemaPath:"#/properties/expect/items/properties/notDuring/properties/timeZone/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.timeZone,data:data46};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
else {
const err146 = {instancePath:instancePath+"/expect/" + i0+"/notDuring/timeZone",schemaPath:"#/properties/expect/items/properties/notDuring/properties/timeZone/type",keyword:"type",params:{type: "string"},schema:schema166.properties.expect.items.properties.notDuring.properties.timeZone.type,parentSchema:schema166.properties.expect.items.properties.notDuring.properties.timeZone,data:data46};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
}
else {
const err147 = {instancePath:instancePath+"/expect/" + i0+"/notDuring",schemaPath:"#/properties/expect/items/properties/notDuring/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.properties.notDuring.type,parentSchema:schema166.properties.expect.items.properties.notDuring,data:data41};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
}
else {
const err148 = {instancePath:instancePath+"/expect/" + i0,schemaPath:"#/properties/expect/items/type",keyword:"type",params:{type: "object"},schema:schema166.properties.expect.items.type,parentSchema:schema166.properties.expect.items,data:data1};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
}
else {
const err149 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/type",keyword:"type",params:{type: "array"},schema:schema166.properties.expect.type,parentSchema:schema166.properties.expect,data:data0};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
if(data.acknowledge !== undefined){
if(!(validate83(data.acknowledge, {instancePath:instancePath+"/acknowledge",parentData:data,parentDataProperty:"acknowledge",rootData}))){
vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors);
errors = vErrors.length;
}
}
}
else {
const err150 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema166.type,parentSchema:schema166,data};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
validate82.errors = vErrors;
return errors === 0;
}

