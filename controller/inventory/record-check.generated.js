// Generated from schemas/ by `npm run generate`. Do not edit.
import ucs2length from "ajv/dist/runtime/ucs2length.js";

export const record = validate11;
const schema12 = {"title":"InventoryRecord","description":"One product on one device.","type":"object","additionalProperties":false,"required":["device","platform","product"],"properties":{"device":{"description":"The id of the device.","type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"},"platform":{"description":"Operating system and architecture, as node names them.","type":"string","pattern":"^[a-z0-9]+-[a-z0-9_]+$","maxLength":64},"tenant":{"description":"The tenant that the device belongs to.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"site":{"description":"The site of the tenant.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"product":{"description":"The product that the rest of the record is about.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"installed":{"description":"The installed version; absent, `null` or an empty CSV cell when the product is not there.","type":["string","null"],"minLength":1,"maxLength":64},"format":{"description":"How the product is installed there, as the device reports it: `binary`, `archive`, `deb`, `rpm`, `pkg` or `windows`. Of each release only artifacts of this format count for it; absent: all of its platform's.","type":"string","pattern":"^[\\x21-\\x7e]+$","maxLength":64},"newestConfirmed":{"description":"The newest version that ever proved healthy on the device, where that is not the installed one: what its release may be rolled back to still holds.","type":"string","minLength":1,"maxLength":64},"channel":{"description":"The channel that was chosen on the machine itself, where one was.","type":"string","maxLength":63,"pattern":"^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"},"pin":{"description":"The version that was pinned on the machine itself, where one was.","type":"string","minLength":1,"maxLength":128},"autoUpdate":{"description":"Whether it installs by itself, where that was chosen on the machine.","type":"boolean"},"lastSeen":{"description":"When the device last checked in: a date and time with a zone.","type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"},"outcome":{"description":"How the last update to the installed version went.","type":"string","enum":["confirmed","failed"]},"labels":{"description":"The device's labels; in CSV a column for each, such as `labels.ring`.","type":"object","maxProperties":50,"propertyNames":{"pattern":"^[a-z][a-z0-9-]{0,62}$"},"additionalProperties":{"type":"string","minLength":1,"maxLength":63}},"facts":{"title":"InventoryFacts","description":"What is known of the machine, as `fairlead-agent facts --json` says it; in CSV a column for each, such as `facts.glibc`.","type":"object","additionalProperties":false,"properties":{"os":{"description":"`ID` of /etc/os-release, `macos` or `windows`.","type":"string","minLength":1,"maxLength":64},"osVersion":{"description":"Its version.","type":"string","minLength":1,"maxLength":64},"glibc":{"description":"Version of the GNU C library.","type":"string","minLength":1,"maxLength":64},"musl":{"description":"Version of the musl C library.","type":"string","minLength":1,"maxLength":64},"kernel":{"description":"Version of the kernel.","type":"string","minLength":1,"maxLength":64},"macos":{"description":"Version of macOS.","type":"string","minLength":1,"maxLength":64},"windowsBuild":{"description":"Build of Windows.","type":"string","minLength":1,"maxLength":64},"cpu":{"description":"Features of the processor; in CSV parted by spaces.","type":"array","maxItems":500,"items":{"type":"string","maxLength":32}},"memory":{"description":"Bytes of memory.","type":"integer","minimum":0},"disk":{"description":"Free bytes where the product is installed; of several products, where there are the fewest.","type":"integer","minimum":0}}}},"$id":"record"};
const func2 = Object.prototype.hasOwnProperty;
const func3 = ucs2length.default;
const pattern0 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$", "u");
const pattern1 = new RegExp("^[a-z0-9]+-[a-z0-9_]+$", "u");
const pattern2 = new RegExp("^[a-z][a-z0-9-]{0,62}$", "u");
const pattern5 = new RegExp("^[\\x21-\\x7e]+$", "u");
const pattern6 = new RegExp("^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$", "u");
const pattern7 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$", "u");

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="record" */;
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.device === undefined) && (missing0 = "device")) || ((data.platform === undefined) && (missing0 = "platform"))) || ((data.product === undefined) && (missing0 = "product"))){
validate11.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func2.call(schema12.properties, key0))){
validate11.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.device !== undefined){
let data0 = data.device;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
validate11.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"}}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.platform !== undefined){
let data1 = data.platform;
const _errs4 = errors;
if(errors === _errs4){
if(typeof data1 === "string"){
if(func3(data1) > 64){
validate11.errors = [{instancePath:instancePath+"/platform",schemaPath:"#/properties/platform/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(!pattern1.test(data1)){
validate11.errors = [{instancePath:instancePath+"/platform",schemaPath:"#/properties/platform/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+-[a-z0-9_]+$"}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/platform",schemaPath:"#/properties/platform/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tenant !== undefined){
let data2 = data.tenant;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data2 === "string"){
if(!pattern2.test(data2)){
validate11.errors = [{instancePath:instancePath+"/tenant",schemaPath:"#/properties/tenant/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"}}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/tenant",schemaPath:"#/properties/tenant/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.site !== undefined){
let data3 = data.site;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data3 === "string"){
if(!pattern2.test(data3)){
validate11.errors = [{instancePath:instancePath+"/site",schemaPath:"#/properties/site/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"}}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/site",schemaPath:"#/properties/site/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.product !== undefined){
let data4 = data.product;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data4 === "string"){
if(!pattern2.test(data4)){
validate11.errors = [{instancePath:instancePath+"/product",schemaPath:"#/properties/product/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"}}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/product",schemaPath:"#/properties/product/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.installed !== undefined){
let data5 = data.installed;
const _errs12 = errors;
if((typeof data5 !== "string") && (data5 !== null)){
validate11.errors = [{instancePath:instancePath+"/installed",schemaPath:"#/properties/installed/type",keyword:"type",params:{type: schema12.properties.installed.type}}];
return false;
}
if(errors === _errs12){
if(typeof data5 === "string"){
if(func3(data5) > 64){
validate11.errors = [{instancePath:instancePath+"/installed",schemaPath:"#/properties/installed/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data5) < 1){
validate11.errors = [{instancePath:instancePath+"/installed",schemaPath:"#/properties/installed/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.format !== undefined){
let data6 = data.format;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data6 === "string"){
if(func3(data6) > 64){
validate11.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(!pattern5.test(data6)){
validate11.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/pattern",keyword:"pattern",params:{pattern: "^[\\x21-\\x7e]+$"}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.newestConfirmed !== undefined){
let data7 = data.newestConfirmed;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data7 === "string"){
if(func3(data7) > 64){
validate11.errors = [{instancePath:instancePath+"/newestConfirmed",schemaPath:"#/properties/newestConfirmed/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data7) < 1){
validate11.errors = [{instancePath:instancePath+"/newestConfirmed",schemaPath:"#/properties/newestConfirmed/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/newestConfirmed",schemaPath:"#/properties/newestConfirmed/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.channel !== undefined){
let data8 = data.channel;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data8 === "string"){
if(func3(data8) > 63){
validate11.errors = [{instancePath:instancePath+"/channel",schemaPath:"#/properties/channel/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(!pattern6.test(data8)){
validate11.errors = [{instancePath:instancePath+"/channel",schemaPath:"#/properties/channel/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*$"}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/channel",schemaPath:"#/properties/channel/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.pin !== undefined){
let data9 = data.pin;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data9 === "string"){
if(func3(data9) > 128){
validate11.errors = [{instancePath:instancePath+"/pin",schemaPath:"#/properties/pin/maxLength",keyword:"maxLength",params:{limit: 128}}];
return false;
}
else {
if(func3(data9) < 1){
validate11.errors = [{instancePath:instancePath+"/pin",schemaPath:"#/properties/pin/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/pin",schemaPath:"#/properties/pin/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.autoUpdate !== undefined){
const _errs22 = errors;
if(typeof data.autoUpdate !== "boolean"){
validate11.errors = [{instancePath:instancePath+"/autoUpdate",schemaPath:"#/properties/autoUpdate/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.lastSeen !== undefined){
let data11 = data.lastSeen;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data11 === "string"){
if(!pattern7.test(data11)){
validate11.errors = [{instancePath:instancePath+"/lastSeen",schemaPath:"#/properties/lastSeen/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"}}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/lastSeen",schemaPath:"#/properties/lastSeen/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.outcome !== undefined){
let data12 = data.outcome;
const _errs26 = errors;
if(typeof data12 !== "string"){
validate11.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/type",keyword:"type",params:{type: "string"}}];
return false;
}
if(!((data12 === "confirmed") || (data12 === "failed"))){
validate11.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema12.properties.outcome.enum}}];
return false;
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.labels !== undefined){
let data13 = data.labels;
const _errs28 = errors;
if(errors === _errs28){
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(Object.keys(data13).length > 50){
validate11.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 50}}];
return false;
}
else {
for(const key1 in data13){
const _errs30 = errors;
if(typeof key1 === "string"){
if(!pattern2.test(key1)){
const err0 = {instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},propertyName:key1};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var valid1 = _errs30 === errors;
if(!valid1){
const err1 = {instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/propertyNames",keyword:"propertyNames",params:{propertyName: key1}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
validate11.errors = vErrors;
return false;
break;
}
}
if(valid1){
for(const key2 in data13){
let data14 = data13[key2];
const _errs32 = errors;
if(errors === _errs32){
if(typeof data14 === "string"){
if(func3(data14) > 63){
validate11.errors = [{instancePath:instancePath+"/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(func3(data14) < 1){
validate11.errors = [{instancePath:instancePath+"/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/additionalProperties/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid2 = _errs32 === errors;
if(!valid2){
break;
}
}
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.facts !== undefined){
let data15 = data.facts;
const _errs34 = errors;
if(errors === _errs34){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
const _errs36 = errors;
for(const key3 in data15){
if(!(func2.call(schema12.properties.facts.properties, key3))){
validate11.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}}];
return false;
break;
}
}
if(_errs36 === errors){
if(data15.os !== undefined){
let data16 = data15.os;
const _errs37 = errors;
if(errors === _errs37){
if(typeof data16 === "string"){
if(func3(data16) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/os",schemaPath:"#/properties/facts/properties/os/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data16) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/os",schemaPath:"#/properties/facts/properties/os/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/os",schemaPath:"#/properties/facts/properties/os/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs37 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.osVersion !== undefined){
let data17 = data15.osVersion;
const _errs39 = errors;
if(errors === _errs39){
if(typeof data17 === "string"){
if(func3(data17) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/osVersion",schemaPath:"#/properties/facts/properties/osVersion/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data17) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/osVersion",schemaPath:"#/properties/facts/properties/osVersion/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/osVersion",schemaPath:"#/properties/facts/properties/osVersion/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs39 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.glibc !== undefined){
let data18 = data15.glibc;
const _errs41 = errors;
if(errors === _errs41){
if(typeof data18 === "string"){
if(func3(data18) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/glibc",schemaPath:"#/properties/facts/properties/glibc/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data18) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/glibc",schemaPath:"#/properties/facts/properties/glibc/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/glibc",schemaPath:"#/properties/facts/properties/glibc/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs41 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.musl !== undefined){
let data19 = data15.musl;
const _errs43 = errors;
if(errors === _errs43){
if(typeof data19 === "string"){
if(func3(data19) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/musl",schemaPath:"#/properties/facts/properties/musl/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data19) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/musl",schemaPath:"#/properties/facts/properties/musl/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/musl",schemaPath:"#/properties/facts/properties/musl/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs43 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.kernel !== undefined){
let data20 = data15.kernel;
const _errs45 = errors;
if(errors === _errs45){
if(typeof data20 === "string"){
if(func3(data20) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/kernel",schemaPath:"#/properties/facts/properties/kernel/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data20) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/kernel",schemaPath:"#/properties/facts/properties/kernel/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/kernel",schemaPath:"#/properties/facts/properties/kernel/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs45 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.macos !== undefined){
let data21 = data15.macos;
const _errs47 = errors;
if(errors === _errs47){
if(typeof data21 === "string"){
if(func3(data21) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/macos",schemaPath:"#/properties/facts/properties/macos/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data21) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/macos",schemaPath:"#/properties/facts/properties/macos/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/macos",schemaPath:"#/properties/facts/properties/macos/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs47 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.windowsBuild !== undefined){
let data22 = data15.windowsBuild;
const _errs49 = errors;
if(errors === _errs49){
if(typeof data22 === "string"){
if(func3(data22) > 64){
validate11.errors = [{instancePath:instancePath+"/facts/windowsBuild",schemaPath:"#/properties/facts/properties/windowsBuild/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(func3(data22) < 1){
validate11.errors = [{instancePath:instancePath+"/facts/windowsBuild",schemaPath:"#/properties/facts/properties/windowsBuild/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/windowsBuild",schemaPath:"#/properties/facts/properties/windowsBuild/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs49 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.cpu !== undefined){
let data23 = data15.cpu;
const _errs51 = errors;
if(errors === _errs51){
if(Array.isArray(data23)){
if(data23.length > 500){
validate11.errors = [{instancePath:instancePath+"/facts/cpu",schemaPath:"#/properties/facts/properties/cpu/maxItems",keyword:"maxItems",params:{limit: 500}}];
return false;
}
else {
var valid4 = true;
const len0 = data23.length;
for(let i0=0; i0<len0; i0++){
let data24 = data23[i0];
const _errs53 = errors;
if(errors === _errs53){
if(typeof data24 === "string"){
if(func3(data24) > 32){
validate11.errors = [{instancePath:instancePath+"/facts/cpu/" + i0,schemaPath:"#/properties/facts/properties/cpu/items/maxLength",keyword:"maxLength",params:{limit: 32}}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/cpu/" + i0,schemaPath:"#/properties/facts/properties/cpu/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid4 = _errs53 === errors;
if(!valid4){
break;
}
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts/cpu",schemaPath:"#/properties/facts/properties/cpu/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs51 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.memory !== undefined){
let data25 = data15.memory;
const _errs55 = errors;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
validate11.errors = [{instancePath:instancePath+"/facts/memory",schemaPath:"#/properties/facts/properties/memory/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs55){
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 < 0 || isNaN(data25)){
validate11.errors = [{instancePath:instancePath+"/facts/memory",schemaPath:"#/properties/facts/properties/memory/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs55 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data15.disk !== undefined){
let data26 = data15.disk;
const _errs57 = errors;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
validate11.errors = [{instancePath:instancePath+"/facts/disk",schemaPath:"#/properties/facts/properties/disk/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs57){
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 < 0 || isNaN(data26)){
validate11.errors = [{instancePath:instancePath+"/facts/disk",schemaPath:"#/properties/facts/properties/disk/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs57 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/facts",schemaPath:"#/properties/facts/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate11.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate11.errors = vErrors;
return errors === 0;
}

