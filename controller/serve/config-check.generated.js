// Generated from schemas/ by `npm run generate`. Do not edit.
import ucs2length from "ajv/dist/runtime/ucs2length.js";
import equal from "ajv/dist/runtime/equal.js";
import { FORMS as forms } from "../state/value-forms.ts";

export const config = validate11;
const schema12 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"controller.schema.json","title":"ControllerConfig","description":"What `fairlead serve --config FILE` is told: each key is the flag of that name. Flags and environment variables go before the file. It is read at the start: a change needs a restart. Relative files and folders are below the folder of this file. Secrets stand in files of their own.","type":"object","additionalProperties":false,"properties":{"repo":{"allOf":[{"$ref":"#/$defs/place"}],"description":"The state repository: a folder or a URL without a password in it."},"ref":{"description":"What to follow: a branch, or a ref in full. Without it HEAD of a folder, main of a URL.","type":"string","minLength":1,"maxLength":2048},"path":{"description":"The state root inside the repository. Without it the folder that holds fleet.yaml.","type":"string","minLength":1,"maxLength":2048},"gitCa":{"allOf":[{"$ref":"#/$defs/file"}],"description":"Certificate authorities of the git server, instead of the system's: a PEM file."},"gitCredentials":{"allOf":[{"$ref":"#/$defs/file"}],"description":"What a git server over https is shown: a file of lines `https://name:token@host` that others may not read."},"gitCredentialHelper":{"description":"Who is asked for it: a helper as in gitcredentials(7), or the absolute path of a program.","type":"string","minLength":1,"maxLength":2048},"sshKnownHosts":{"allOf":[{"$ref":"#/$defs/file"}],"description":"The only hosts that ssh talks to, as in sshd(8)."},"sshKey":{"allOf":[{"$ref":"#/$defs/file"}],"description":"The only key that ssh shows: without a passphrase, mode 0600."},"fetchTimeout":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"A fetch that takes longer is given up: at most 1d."},"interval":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"Time between two looks at a remote, at most 1d; a folder is watched."},"stateDir":{"allOf":[{"$ref":"#/$defs/folder"}],"description":"Keys and the last manifest."},"standby":{"description":"Wait while another controller has the state folder, and take over when it ends.","type":"boolean"},"artifacts":{"allOf":[{"$ref":"#/$defs/place"}],"description":"Where hosted artifacts are: a folder, the https:// prefix of a bucket, which agents are sent to, or `git-lfs` for the LFS server of a remote."},"lfsUrl":{"description":"The Git LFS server. Without it the one that belongs to the repository's https address.","type":"string","minLength":1,"maxLength":2048},"host":{"description":"Address to listen on; $HOST goes before it.","type":"string","minLength":1,"maxLength":2048},"port":{"description":"Port to listen on, 0 for a free one; $PORT goes before it.","type":"integer","minimum":0,"maximum":65535},"listen":{"description":"Both in one, and before both: `host:port`, or `unix:/path` for a socket.","type":"string","minLength":1,"maxLength":2048},"operatorListen":{"description":"Serve operators (status, metrics, API) here and not where agents are: `host:port`, or `unix:/path`.","type":"string","minLength":1,"maxLength":2048},"operatorTokenFile":{"allOf":[{"$ref":"#/$defs/file"}],"description":"What operators show where more than this machine can ask. Without it a token in the state folder."},"publicUrl":{"description":"Under which agents reach it; the first is what answers name. Requests for other hosts are refused.","type":"array","minItems":1,"maxItems":100,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":2048}},"trustProxy":{"description":"Proxies whose X-Forwarded headers count: addresses or networks.","type":"array","minItems":1,"maxItems":100,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":2048}},"maxConnections":{"description":"Connections of each listener at a time.","type":"integer","minimum":1,"maximum":9999999},"webhookSecretFile":{"allOf":[{"$ref":"#/$defs/file"}],"description":"Accept webhooks at /hooks/git that are signed with the secret in this file."},"prometheus":{"description":"The Prometheus server of the checks of gates that name none.","type":"string","maxLength":2000},"prometheusTokenFile":{"allOf":[{"$ref":"#/$defs/file"}],"description":"The bearer token that this Prometheus server asks for; sent to no other."},"onlineKey":{"allOf":[{"$ref":"#/$defs/file"}],"description":"Key of the online role. Without it online.json in the state folder, or in keys/ beside the state."},"requireSignedCommits":{"description":"Hold every commit that nobody signed who is listed as a signer.","type":"boolean"},"allowedSigners":{"allOf":[{"$ref":"#/$defs/file"}],"description":"Who may sign with an SSH key: a file as in ssh-keygen(1)."},"gnupgHome":{"allOf":[{"$ref":"#/$defs/folder"}],"description":"Who may sign with OpenPGP: every public key in this GnuPG home folder."},"forgeKey":{"description":"Key of the forge, one of those listed: its merges need no signature on the merged side, and it signs nothing else.","type":"string","minLength":1,"maxLength":2048},"maxCommits":{"description":"Most commits whose signatures are verified at once.","type":"integer","minimum":1,"maximum":9999999},"fleet":{"description":"Let machines enrol and report here; off: only serve what is published.","type":"string","enum":["on","off"]},"propose":{"description":"Have halts by a gate, and promotions that are due, proposed to git. `branch`: one commit on a new branch `fairlead/...`, pushed with the credentials of the repository.","type":"string","enum":["off","branch"]},"proposeAs":{"description":"Author of what is proposed, and committer of what people confirm on the page. Without it, `Fairlead <fairlead@localhost>`.","type":"string","minLength":1,"maxLength":400},"pageChanges":{"description":"What becomes of a change that somebody confirms on the page. `branch`: a commit on a new branch `fairlead/...`, for people of the role operator. `direct`: the next commit of what is followed, for admins.","type":"string","enum":["off","branch","direct"]},"forge":{"description":"Where commits and lines can be looked at, where the repository's address does not tell: the kind of forge (Forgejo is `gitea`), or `none`.","type":"string","enum":["github","gitlab","gitea","none"]},"forgeUrl":{"description":"The repository's page there, where that is not its address. Whoever uses the page sees it.","type":"string","minLength":1,"maxLength":2048},"notify":{"description":"Who is told what happens: by webhook, in a chat, by e-mail.","type":"array","maxItems":50,"items":{"$ref":"#/$defs/receiver"}},"commitStatus":{"allOf":[{"$ref":"#/$defs/commitStatus"}],"description":"Say at the forge what became of each commit, and of each rollout on the commit that promoted it."},"feeds":{"description":"Who may read the feeds of versions, `/feeds/PRODUCT/CHANNEL.atom` and `.json`: everybody, who shows a token, or nobody.","type":"string","enum":["public","token","off"]},"accessLog":{"allOf":[{"$ref":"common.schema.json#/$defs/percent"}],"description":"Log this share of the requests."},"workerMemory":{"description":"Most memory for reading and checking, in MiB; by default half of what there is.","type":"integer","minimum":64,"maximum":999999},"logLevel":{"description":"What to log.","type":"string","enum":["debug","info","warn","error","silent"]},"devKeys":{"description":"Sign a state without trust/ by keys made here: to try things out, never for a fleet.","type":"boolean"},"worktree":{"description":"For editing: serve the files as they are saved. Needs devKeys.","type":"boolean"}},"$defs":{"receiver":{"title":"ReceiverConfig","description":"One of those who are told. It names exactly one of `webhook`, `slack` and `email`.","type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"description":"How logs and metrics call it.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"webhook":{"$ref":"#/$defs/webhook"},"slack":{"$ref":"#/$defs/slack"},"email":{"$ref":"#/$defs/email"},"events":{"description":"What it is told of; without it, of everything.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"type":"string","enum":["promoted","finished","halted","held","stale","refused","commit-held","stalled","source-unseen","expiring","expired","below-minimum","disappeared","silent"]}},"products":{"description":"Only what is about these.","$ref":"#/$defs/names"},"channels":{"description":"Only what is about these: `stable`, or `agent/stable`.","$ref":"#/$defs/names"},"tenants":{"description":"It hears of machines of these alone, of versions without what counts the machines of others, and nothing of commits.","$ref":"#/$defs/names"},"repeat":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"What lasts is told again after this time; without it 24h. 0s: never again."},"burst":{"description":"Messages in a minute; what would be more becomes one. Without it 10.","type":"integer","minimum":1,"maximum":1000}}},"names":{"type":"array","minItems":1,"maxItems":1000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":200}},"webhook":{"title":"WebhookConfig","description":"CloudEvents 1.0, structured JSON. It names one of `url` and `urlFile`.","type":"object","additionalProperties":false,"properties":{"url":{"description":"Where to. An address with a secret in it belongs into a file.","type":"string","maxLength":2000},"urlFile":{"description":"A file with the address.","$ref":"#/$defs/file"},"hmacSecretFile":{"description":"A file with the key of the HMAC-SHA256 over the body that `X-Hub-Signature-256` holds.","$ref":"#/$defs/file"},"tokenFile":{"description":"A file with a token, sent in `tokenHeader`.","$ref":"#/$defs/file"},"tokenHeader":{"description":"The header of the token. Without it `Authorization: Bearer TOKEN`.","type":"string","pattern":"^[A-Za-z][A-Za-z0-9-]{0,63}$"},"privateAddress":{"description":"Whether its host may be at an address of this machine's own network.","type":"string","enum":["allow","refuse"]}}},"slack":{"title":"SlackConfig","description":"An incoming webhook of Slack, or of what takes its messages.","type":"object","additionalProperties":false,"required":["urlFile"],"properties":{"urlFile":{"description":"A file with the address, which is a secret.","$ref":"#/$defs/file"},"privateAddress":{"description":"Whether its host may be at an address of this machine's own network.","type":"string","enum":["allow","refuse"]}}},"email":{"title":"EmailConfig","description":"E-mail by SMTP.","type":"object","additionalProperties":false,"required":["host","from","to"],"properties":{"host":{"description":"The mail server.","type":"string","pattern":"^[A-Za-z0-9.:-]{1,253}$"},"port":{"description":"Its port; without it 587, or 465 with `tls`.","type":"integer","minimum":1,"maximum":65535},"security":{"description":"`starttls` (without it) and `tls` are demanded; `none` is for a relay on this machine, and takes no password.","type":"string","enum":["starttls","tls","none"]},"userFile":{"description":"A file with the name to log in with.","$ref":"#/$defs/file"},"passwordFile":{"description":"A file with the password.","$ref":"#/$defs/file"},"from":{"description":"The sender.","$ref":"#/$defs/mailAddress"},"to":{"type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/mailAddress"}}}},"mailAddress":{"type":"string","maxLength":320,"pattern":"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"},"commitStatus":{"title":"CommitStatusConfig","description":"Where the state repository is at its forge, and what may write statuses there.","type":"object","additionalProperties":false,"required":["forge","repository","tokenFile"],"properties":{"forge":{"type":"string","enum":["github","gitlab","gitea"]},"repository":{"description":"`owner/name`; at GitLab the whole path.","type":"string","pattern":"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$","maxLength":400},"api":{"description":"The API of a forge of your own: `https://git.acme.example/api/v4`. Without it that of github.com or gitlab.com.","type":"string","maxLength":2000},"tokenFile":{"description":"A file with a token that may write commit statuses and nothing else.","$ref":"#/$defs/file"},"privateAddress":{"description":"Whether the forge may be at an address of this machine's own network.","type":"string","enum":["allow","refuse"]}}},"file":{"description":"A file: absolute, or relative to the folder of this file.","type":"string","minLength":1,"maxLength":4096},"folder":{"description":"A folder: absolute, or relative to the folder of this file.","type":"string","minLength":1,"maxLength":4096},"place":{"description":"A folder, absolute or relative to the folder of this file, or an address.","type":"string","minLength":1,"maxLength":4096}}};
const schema13 = {"description":"A folder, absolute or relative to the folder of this file, or an address.","type":"string","minLength":1,"maxLength":4096};
const schema14 = {"description":"A file: absolute, or relative to the folder of this file.","type":"string","minLength":1,"maxLength":4096};
const schema19 = {"description":"A length of time: `90s`, `15m`, `4h`, `2d`, `1w`, or a sum such as `1h30m`.","form":"duration","type":"string","pattern":"^(?:[0-9]{1,9}[smhdw])+$"};
const schema21 = {"description":"A folder: absolute, or relative to the folder of this file.","type":"string","minLength":1,"maxLength":4096};
const schema47 = {"description":"A percentage from 0 to 100, as a number or with a sign: `2`, `0.5`, `2%`. At most four decimals.","form":"percent","type":["number","string"],"minimum":0,"maximum":100,"pattern":"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"};
const func2 = Object.prototype.hasOwnProperty;
const func3 = ucs2length.default;
const keyword0 = forms["duration"];
const keyword3 = forms["percent"];
const pattern0 = new RegExp("^(?:[0-9]{1,9}[smhdw])+$", "u");
const pattern9 = new RegExp("^[0-9]{1,3}(\\.[0-9]{1,4})?%?$", "u");
const schema29 = {"title":"ReceiverConfig","description":"One of those who are told. It names exactly one of `webhook`, `slack` and `email`.","type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"description":"How logs and metrics call it.","type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"webhook":{"$ref":"#/$defs/webhook"},"slack":{"$ref":"#/$defs/slack"},"email":{"$ref":"#/$defs/email"},"events":{"description":"What it is told of; without it, of everything.","type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"type":"string","enum":["promoted","finished","halted","held","stale","refused","commit-held","stalled","source-unseen","expiring","expired","below-minimum","disappeared","silent"]}},"products":{"description":"Only what is about these.","$ref":"#/$defs/names"},"channels":{"description":"Only what is about these: `stable`, or `agent/stable`.","$ref":"#/$defs/names"},"tenants":{"description":"It hears of machines of these alone, of versions without what counts the machines of others, and nothing of commits.","$ref":"#/$defs/names"},"repeat":{"allOf":[{"$ref":"common.schema.json#/$defs/duration"}],"description":"What lasts is told again after this time; without it 24h. 0s: never again."},"burst":{"description":"Messages in a minute; what would be more becomes one. Without it 10.","type":"integer","minimum":1,"maximum":1000}}};
const schema41 = {"type":"array","minItems":1,"maxItems":1000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":200}};
const pattern2 = new RegExp("^[a-z][a-z0-9-]{0,62}$", "u");
const schema30 = {"title":"WebhookConfig","description":"CloudEvents 1.0, structured JSON. It names one of `url` and `urlFile`.","type":"object","additionalProperties":false,"properties":{"url":{"description":"Where to. An address with a secret in it belongs into a file.","type":"string","maxLength":2000},"urlFile":{"description":"A file with the address.","$ref":"#/$defs/file"},"hmacSecretFile":{"description":"A file with the key of the HMAC-SHA256 over the body that `X-Hub-Signature-256` holds.","$ref":"#/$defs/file"},"tokenFile":{"description":"A file with a token, sent in `tokenHeader`.","$ref":"#/$defs/file"},"tokenHeader":{"description":"The header of the token. Without it `Authorization: Bearer TOKEN`.","type":"string","pattern":"^[A-Za-z][A-Za-z0-9-]{0,63}$"},"privateAddress":{"description":"Whether its host may be at an address of this machine's own network.","type":"string","enum":["allow","refuse"]}}};
const pattern3 = new RegExp("^[A-Za-z][A-Za-z0-9-]{0,63}$", "u");

function validate14(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "url") || (key0 === "urlFile")) || (key0 === "hmacSecretFile")) || (key0 === "tokenFile")) || (key0 === "tokenHeader")) || (key0 === "privateAddress"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema30,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.url !== undefined){
let data0 = data.url;
if(typeof data0 === "string"){
if(func3(data0) > 2000){
const err1 = {instancePath:instancePath+"/url",schemaPath:"#/properties/url/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema30.properties.url,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/url",schemaPath:"#/properties/url/type",keyword:"type",params:{type: "string"},schema:schema30.properties.url.type,parentSchema:schema30.properties.url,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.urlFile !== undefined){
let data1 = data.urlFile;
if(typeof data1 === "string"){
if(func3(data1) > 4096){
const err3 = {instancePath:instancePath+"/urlFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(func3(data1) < 1){
const err4 = {instancePath:instancePath+"/urlFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data1};
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
const err5 = {instancePath:instancePath+"/urlFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.hmacSecretFile !== undefined){
let data2 = data.hmacSecretFile;
if(typeof data2 === "string"){
if(func3(data2) > 4096){
const err6 = {instancePath:instancePath+"/hmacSecretFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(func3(data2) < 1){
const err7 = {instancePath:instancePath+"/hmacSecretFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data2};
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
const err8 = {instancePath:instancePath+"/hmacSecretFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.tokenFile !== undefined){
let data3 = data.tokenFile;
if(typeof data3 === "string"){
if(func3(data3) > 4096){
const err9 = {instancePath:instancePath+"/tokenFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(func3(data3) < 1){
const err10 = {instancePath:instancePath+"/tokenFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data3};
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
const err11 = {instancePath:instancePath+"/tokenFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.tokenHeader !== undefined){
let data4 = data.tokenHeader;
if(typeof data4 === "string"){
if(!pattern3.test(data4)){
const err12 = {instancePath:instancePath+"/tokenHeader",schemaPath:"#/properties/tokenHeader/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9-]{0,63}$"},schema:"^[A-Za-z][A-Za-z0-9-]{0,63}$",parentSchema:schema30.properties.tokenHeader,data:data4};
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
const err13 = {instancePath:instancePath+"/tokenHeader",schemaPath:"#/properties/tokenHeader/type",keyword:"type",params:{type: "string"},schema:schema30.properties.tokenHeader.type,parentSchema:schema30.properties.tokenHeader,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.privateAddress !== undefined){
let data5 = data.privateAddress;
if(typeof data5 !== "string"){
const err14 = {instancePath:instancePath+"/privateAddress",schemaPath:"#/properties/privateAddress/type",keyword:"type",params:{type: "string"},schema:schema30.properties.privateAddress.type,parentSchema:schema30.properties.privateAddress,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!((data5 === "allow") || (data5 === "refuse"))){
const err15 = {instancePath:instancePath+"/privateAddress",schemaPath:"#/properties/privateAddress/enum",keyword:"enum",params:{allowedValues: schema30.properties.privateAddress.enum},schema:schema30.properties.privateAddress.enum,parentSchema:schema30.properties.privateAddress,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema30.type,parentSchema:schema30,data};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
validate14.errors = vErrors;
return errors === 0;
}

const schema34 = {"title":"SlackConfig","description":"An incoming webhook of Slack, or of what takes its messages.","type":"object","additionalProperties":false,"required":["urlFile"],"properties":{"urlFile":{"description":"A file with the address, which is a secret.","$ref":"#/$defs/file"},"privateAddress":{"description":"Whether its host may be at an address of this machine's own network.","type":"string","enum":["allow","refuse"]}}};

function validate16(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.urlFile === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "urlFile"},schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((key0 === "urlFile") || (key0 === "privateAddress"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.urlFile !== undefined){
let data0 = data.urlFile;
if(typeof data0 === "string"){
if(func3(data0) > 4096){
const err2 = {instancePath:instancePath+"/urlFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func3(data0) < 1){
const err3 = {instancePath:instancePath+"/urlFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data0};
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
const err4 = {instancePath:instancePath+"/urlFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.privateAddress !== undefined){
let data1 = data.privateAddress;
if(typeof data1 !== "string"){
const err5 = {instancePath:instancePath+"/privateAddress",schemaPath:"#/properties/privateAddress/type",keyword:"type",params:{type: "string"},schema:schema34.properties.privateAddress.type,parentSchema:schema34.properties.privateAddress,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((data1 === "allow") || (data1 === "refuse"))){
const err6 = {instancePath:instancePath+"/privateAddress",schemaPath:"#/properties/privateAddress/enum",keyword:"enum",params:{allowedValues: schema34.properties.privateAddress.enum},schema:schema34.properties.privateAddress.enum,parentSchema:schema34.properties.privateAddress,data:data1};
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
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema34.type,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate16.errors = vErrors;
return errors === 0;
}

const schema36 = {"title":"EmailConfig","description":"E-mail by SMTP.","type":"object","additionalProperties":false,"required":["host","from","to"],"properties":{"host":{"description":"The mail server.","type":"string","pattern":"^[A-Za-z0-9.:-]{1,253}$"},"port":{"description":"Its port; without it 587, or 465 with `tls`.","type":"integer","minimum":1,"maximum":65535},"security":{"description":"`starttls` (without it) and `tls` are demanded; `none` is for a relay on this machine, and takes no password.","type":"string","enum":["starttls","tls","none"]},"userFile":{"description":"A file with the name to log in with.","$ref":"#/$defs/file"},"passwordFile":{"description":"A file with the password.","$ref":"#/$defs/file"},"from":{"description":"The sender.","$ref":"#/$defs/mailAddress"},"to":{"type":"array","minItems":1,"maxItems":50,"uniqueItems":true,"items":{"$ref":"#/$defs/mailAddress"}}}};
const schema39 = {"type":"string","maxLength":320,"pattern":"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"};
const pattern4 = new RegExp("^[A-Za-z0-9.:-]{1,253}$", "u");
const pattern5 = new RegExp("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$", "u");
const func0 = equal.default;

function validate18(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.host === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "host"},schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.from === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "from"},schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.to === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "to"},schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "host") || (key0 === "port")) || (key0 === "security")) || (key0 === "userFile")) || (key0 === "passwordFile")) || (key0 === "from")) || (key0 === "to"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.host !== undefined){
let data0 = data.host;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err4 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9.:-]{1,253}$"},schema:"^[A-Za-z0-9.:-]{1,253}$",parentSchema:schema36.properties.host,data:data0};
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
const err5 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "string"},schema:schema36.properties.host.type,parentSchema:schema36.properties.host,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.port !== undefined){
let data1 = data.port;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err6 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},schema:schema36.properties.port.type,parentSchema:schema36.properties.port,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 65535 || isNaN(data1)){
const err7 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema36.properties.port,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err8 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema36.properties.port,data:data1};
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
if(data.security !== undefined){
let data2 = data.security;
if(typeof data2 !== "string"){
const err9 = {instancePath:instancePath+"/security",schemaPath:"#/properties/security/type",keyword:"type",params:{type: "string"},schema:schema36.properties.security.type,parentSchema:schema36.properties.security,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!(((data2 === "starttls") || (data2 === "tls")) || (data2 === "none"))){
const err10 = {instancePath:instancePath+"/security",schemaPath:"#/properties/security/enum",keyword:"enum",params:{allowedValues: schema36.properties.security.enum},schema:schema36.properties.security.enum,parentSchema:schema36.properties.security,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.userFile !== undefined){
let data3 = data.userFile;
if(typeof data3 === "string"){
if(func3(data3) > 4096){
const err11 = {instancePath:instancePath+"/userFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func3(data3) < 1){
const err12 = {instancePath:instancePath+"/userFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data3};
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
const err13 = {instancePath:instancePath+"/userFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.passwordFile !== undefined){
let data4 = data.passwordFile;
if(typeof data4 === "string"){
if(func3(data4) > 4096){
const err14 = {instancePath:instancePath+"/passwordFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(func3(data4) < 1){
const err15 = {instancePath:instancePath+"/passwordFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/passwordFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.from !== undefined){
let data5 = data.from;
if(typeof data5 === "string"){
if(func3(data5) > 320){
const err17 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/mailAddress/maxLength",keyword:"maxLength",params:{limit: 320},schema:320,parentSchema:schema39,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!pattern5.test(data5)){
const err18 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/mailAddress/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"},schema:"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$",parentSchema:schema39,data:data5};
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
const err19 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/mailAddress/type",keyword:"type",params:{type: "string"},schema:schema39.type,parentSchema:schema39,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.to !== undefined){
let data6 = data.to;
if(Array.isArray(data6)){
if(data6.length > 50){
const err20 = {instancePath:instancePath+"/to",schemaPath:"#/properties/to/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema36.properties.to,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data6.length < 1){
const err21 = {instancePath:instancePath+"/to",schemaPath:"#/properties/to/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema36.properties.to,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 === "string"){
if(func3(data7) > 320){
const err22 = {instancePath:instancePath+"/to/" + i0,schemaPath:"#/$defs/mailAddress/maxLength",keyword:"maxLength",params:{limit: 320},schema:320,parentSchema:schema39,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(!pattern5.test(data7)){
const err23 = {instancePath:instancePath+"/to/" + i0,schemaPath:"#/$defs/mailAddress/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$"},schema:"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$",parentSchema:schema39,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/to/" + i0,schemaPath:"#/$defs/mailAddress/type",keyword:"type",params:{type: "string"},schema:schema39.type,parentSchema:schema39,data:data7};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
let i1 = data6.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data6[i1], data6[j0])){
const err25 = {instancePath:instancePath+"/to",schemaPath:"#/properties/to/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema36.properties.to,data:data6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err26 = {instancePath:instancePath+"/to",schemaPath:"#/properties/to/type",keyword:"type",params:{type: "array"},schema:schema36.properties.to.type,parentSchema:schema36.properties.to,data:data6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema36.type,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
validate18.errors = vErrors;
return errors === 0;
}


function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema29.properties, key0))){
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
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(!pattern2.test(data0)){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema29.properties.name,data:data0};
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
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},schema:schema29.properties.name.type,parentSchema:schema29.properties.name,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.webhook !== undefined){
if(!(validate14(data.webhook, {instancePath:instancePath+"/webhook",parentData:data,parentDataProperty:"webhook",rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
}
if(data.slack !== undefined){
if(!(validate16(data.slack, {instancePath:instancePath+"/slack",parentData:data,parentDataProperty:"slack",rootData}))){
vErrors = vErrors === null ? validate16.errors : vErrors.concat(validate16.errors);
errors = vErrors.length;
}
}
if(data.email !== undefined){
if(!(validate18(data.email, {instancePath:instancePath+"/email",parentData:data,parentDataProperty:"email",rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
}
if(data.events !== undefined){
let data4 = data.events;
if(Array.isArray(data4)){
if(data4.length > 50){
const err4 = {instancePath:instancePath+"/events",schemaPath:"#/properties/events/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema29.properties.events,data:data4};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data4.length < 1){
const err5 = {instancePath:instancePath+"/events",schemaPath:"#/properties/events/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema29.properties.events,data:data4};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
if(typeof data5 !== "string"){
const err6 = {instancePath:instancePath+"/events/" + i0,schemaPath:"#/properties/events/items/type",keyword:"type",params:{type: "string"},schema:schema29.properties.events.items.type,parentSchema:schema29.properties.events.items,data:data5};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!((((((((((((((data5 === "promoted") || (data5 === "finished")) || (data5 === "halted")) || (data5 === "held")) || (data5 === "stale")) || (data5 === "refused")) || (data5 === "commit-held")) || (data5 === "stalled")) || (data5 === "source-unseen")) || (data5 === "expiring")) || (data5 === "expired")) || (data5 === "below-minimum")) || (data5 === "disappeared")) || (data5 === "silent"))){
const err7 = {instancePath:instancePath+"/events/" + i0,schemaPath:"#/properties/events/items/enum",keyword:"enum",params:{allowedValues: schema29.properties.events.items.enum},schema:schema29.properties.events.items.enum,parentSchema:schema29.properties.events.items,data:data5};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
let i1 = data4.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data4[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err8 = {instancePath:instancePath+"/events",schemaPath:"#/properties/events/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema29.properties.events,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err9 = {instancePath:instancePath+"/events",schemaPath:"#/properties/events/type",keyword:"type",params:{type: "array"},schema:schema29.properties.events.type,parentSchema:schema29.properties.events,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.products !== undefined){
let data6 = data.products;
if(Array.isArray(data6)){
if(data6.length > 1000){
const err10 = {instancePath:instancePath+"/products",schemaPath:"#/$defs/names/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema41,data:data6};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data6.length < 1){
const err11 = {instancePath:instancePath+"/products",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema41,data:data6};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
const len1 = data6.length;
for(let i2=0; i2<len1; i2++){
let data7 = data6[i2];
if(typeof data7 === "string"){
if(func3(data7) > 200){
const err12 = {instancePath:instancePath+"/products/" + i2,schemaPath:"#/$defs/names/items/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema41.items,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func3(data7) < 1){
const err13 = {instancePath:instancePath+"/products/" + i2,schemaPath:"#/$defs/names/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema41.items,data:data7};
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
const err14 = {instancePath:instancePath+"/products/" + i2,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: "string"},schema:schema41.items.type,parentSchema:schema41.items,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
let i3 = data6.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data6[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err15 = {instancePath:instancePath+"/products",schemaPath:"#/$defs/names/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},schema:true,parentSchema:schema41,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
const err16 = {instancePath:instancePath+"/products",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: "array"},schema:schema41.type,parentSchema:schema41,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.channels !== undefined){
let data8 = data.channels;
if(Array.isArray(data8)){
if(data8.length > 1000){
const err17 = {instancePath:instancePath+"/channels",schemaPath:"#/$defs/names/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema41,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data8.length < 1){
const err18 = {instancePath:instancePath+"/channels",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema41,data:data8};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
const len2 = data8.length;
for(let i4=0; i4<len2; i4++){
let data9 = data8[i4];
if(typeof data9 === "string"){
if(func3(data9) > 200){
const err19 = {instancePath:instancePath+"/channels/" + i4,schemaPath:"#/$defs/names/items/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema41.items,data:data9};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(func3(data9) < 1){
const err20 = {instancePath:instancePath+"/channels/" + i4,schemaPath:"#/$defs/names/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema41.items,data:data9};
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
const err21 = {instancePath:instancePath+"/channels/" + i4,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: "string"},schema:schema41.items.type,parentSchema:schema41.items,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
let i5 = data8.length;
let j2;
if(i5 > 1){
const indices2 = {};
for(;i5--;){
let item2 = data8[i5];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j2 = indices2[item2];
const err22 = {instancePath:instancePath+"/channels",schemaPath:"#/$defs/names/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},schema:true,parentSchema:schema41,data:data8};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
break;
}
indices2[item2] = i5;
}
}
}
else {
const err23 = {instancePath:instancePath+"/channels",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: "array"},schema:schema41.type,parentSchema:schema41,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.tenants !== undefined){
let data10 = data.tenants;
if(Array.isArray(data10)){
if(data10.length > 1000){
const err24 = {instancePath:instancePath+"/tenants",schemaPath:"#/$defs/names/maxItems",keyword:"maxItems",params:{limit: 1000},schema:1000,parentSchema:schema41,data:data10};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data10.length < 1){
const err25 = {instancePath:instancePath+"/tenants",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema41,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
const len3 = data10.length;
for(let i6=0; i6<len3; i6++){
let data11 = data10[i6];
if(typeof data11 === "string"){
if(func3(data11) > 200){
const err26 = {instancePath:instancePath+"/tenants/" + i6,schemaPath:"#/$defs/names/items/maxLength",keyword:"maxLength",params:{limit: 200},schema:200,parentSchema:schema41.items,data:data11};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(func3(data11) < 1){
const err27 = {instancePath:instancePath+"/tenants/" + i6,schemaPath:"#/$defs/names/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema41.items,data:data11};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/tenants/" + i6,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: "string"},schema:schema41.items.type,parentSchema:schema41.items,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
let i7 = data10.length;
let j3;
if(i7 > 1){
const indices3 = {};
for(;i7--;){
let item3 = data10[i7];
if(typeof item3 !== "string"){
continue;
}
if(typeof indices3[item3] == "number"){
j3 = indices3[item3];
const err29 = {instancePath:instancePath+"/tenants",schemaPath:"#/$defs/names/uniqueItems",keyword:"uniqueItems",params:{i: i7, j: j3},schema:true,parentSchema:schema41,data:data10};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
break;
}
indices3[item3] = i7;
}
}
}
else {
const err30 = {instancePath:instancePath+"/tenants",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: "array"},schema:schema41.type,parentSchema:schema41,data:data10};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.repeat !== undefined){
let data12 = data.repeat;
if(!(keyword0(data12))){
const err31 = {instancePath:instancePath+"/repeat",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema19,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(typeof data12 === "string"){
if(!pattern0.test(data12)){
const err32 = {instancePath:instancePath+"/repeat",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema19,data:data12};
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
const err33 = {instancePath:instancePath+"/repeat",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data12};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.burst !== undefined){
let data13 = data.burst;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err34 = {instancePath:instancePath+"/burst",schemaPath:"#/properties/burst/type",keyword:"type",params:{type: "integer"},schema:schema29.properties.burst.type,parentSchema:schema29.properties.burst,data:data13};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 1000 || isNaN(data13)){
const err35 = {instancePath:instancePath+"/burst",schemaPath:"#/properties/burst/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},schema:1000,parentSchema:schema29.properties.burst,data:data13};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data13 < 1 || isNaN(data13)){
const err36 = {instancePath:instancePath+"/burst",schemaPath:"#/properties/burst/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema29.properties.burst,data:data13};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
}
else {
const err37 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema29.type,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
validate13.errors = vErrors;
return errors === 0;
}

const schema45 = {"title":"CommitStatusConfig","description":"Where the state repository is at its forge, and what may write statuses there.","type":"object","additionalProperties":false,"required":["forge","repository","tokenFile"],"properties":{"forge":{"type":"string","enum":["github","gitlab","gitea"]},"repository":{"description":"`owner/name`; at GitLab the whole path.","type":"string","pattern":"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$","maxLength":400},"api":{"description":"The API of a forge of your own: `https://git.acme.example/api/v4`. Without it that of github.com or gitlab.com.","type":"string","maxLength":2000},"tokenFile":{"description":"A file with a token that may write commit statuses and nothing else.","$ref":"#/$defs/file"},"privateAddress":{"description":"Whether the forge may be at an address of this machine's own network.","type":"string","enum":["allow","refuse"]}}};
const pattern8 = new RegExp("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.forge === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "forge"},schema:schema45.required,parentSchema:schema45,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.repository === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "repository"},schema:schema45.required,parentSchema:schema45,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.tokenFile === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "tokenFile"},schema:schema45.required,parentSchema:schema45,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "forge") || (key0 === "repository")) || (key0 === "api")) || (key0 === "tokenFile")) || (key0 === "privateAddress"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema45,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.forge !== undefined){
let data0 = data.forge;
if(typeof data0 !== "string"){
const err4 = {instancePath:instancePath+"/forge",schemaPath:"#/properties/forge/type",keyword:"type",params:{type: "string"},schema:schema45.properties.forge.type,parentSchema:schema45.properties.forge,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!(((data0 === "github") || (data0 === "gitlab")) || (data0 === "gitea"))){
const err5 = {instancePath:instancePath+"/forge",schemaPath:"#/properties/forge/enum",keyword:"enum",params:{allowedValues: schema45.properties.forge.enum},schema:schema45.properties.forge.enum,parentSchema:schema45.properties.forge,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.repository !== undefined){
let data1 = data.repository;
if(typeof data1 === "string"){
if(func3(data1) > 400){
const err6 = {instancePath:instancePath+"/repository",schemaPath:"#/properties/repository/maxLength",keyword:"maxLength",params:{limit: 400},schema:400,parentSchema:schema45.properties.repository,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!pattern8.test(data1)){
const err7 = {instancePath:instancePath+"/repository",schemaPath:"#/properties/repository/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$"},schema:"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$",parentSchema:schema45.properties.repository,data:data1};
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
const err8 = {instancePath:instancePath+"/repository",schemaPath:"#/properties/repository/type",keyword:"type",params:{type: "string"},schema:schema45.properties.repository.type,parentSchema:schema45.properties.repository,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.api !== undefined){
let data2 = data.api;
if(typeof data2 === "string"){
if(func3(data2) > 2000){
const err9 = {instancePath:instancePath+"/api",schemaPath:"#/properties/api/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema45.properties.api,data:data2};
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
const err10 = {instancePath:instancePath+"/api",schemaPath:"#/properties/api/type",keyword:"type",params:{type: "string"},schema:schema45.properties.api.type,parentSchema:schema45.properties.api,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.tokenFile !== undefined){
let data3 = data.tokenFile;
if(typeof data3 === "string"){
if(func3(data3) > 4096){
const err11 = {instancePath:instancePath+"/tokenFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func3(data3) < 1){
const err12 = {instancePath:instancePath+"/tokenFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data3};
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
const err13 = {instancePath:instancePath+"/tokenFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.privateAddress !== undefined){
let data4 = data.privateAddress;
if(typeof data4 !== "string"){
const err14 = {instancePath:instancePath+"/privateAddress",schemaPath:"#/properties/privateAddress/type",keyword:"type",params:{type: "string"},schema:schema45.properties.privateAddress.type,parentSchema:schema45.properties.privateAddress,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!((data4 === "allow") || (data4 === "refuse"))){
const err15 = {instancePath:instancePath+"/privateAddress",schemaPath:"#/properties/privateAddress/enum",keyword:"enum",params:{allowedValues: schema45.properties.privateAddress.enum},schema:schema45.properties.privateAddress.enum,parentSchema:schema45.properties.privateAddress,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema45.type,parentSchema:schema45,data};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}


function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="controller.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema12.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.repo !== undefined){
let data0 = data.repo;
if(typeof data0 === "string"){
if(func3(data0) > 4096){
const err1 = {instancePath:instancePath+"/repo",schemaPath:"#/$defs/place/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema13,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(func3(data0) < 1){
const err2 = {instancePath:instancePath+"/repo",schemaPath:"#/$defs/place/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema13,data:data0};
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
const err3 = {instancePath:instancePath+"/repo",schemaPath:"#/$defs/place/type",keyword:"type",params:{type: "string"},schema:schema13.type,parentSchema:schema13,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.ref !== undefined){
let data1 = data.ref;
if(typeof data1 === "string"){
if(func3(data1) > 2048){
const err4 = {instancePath:instancePath+"/ref",schemaPath:"#/properties/ref/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.ref,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(func3(data1) < 1){
const err5 = {instancePath:instancePath+"/ref",schemaPath:"#/properties/ref/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.ref,data:data1};
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
const err6 = {instancePath:instancePath+"/ref",schemaPath:"#/properties/ref/type",keyword:"type",params:{type: "string"},schema:schema12.properties.ref.type,parentSchema:schema12.properties.ref,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 === "string"){
if(func3(data2) > 2048){
const err7 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.path,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(func3(data2) < 1){
const err8 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.path,data:data2};
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
const err9 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "string"},schema:schema12.properties.path.type,parentSchema:schema12.properties.path,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.gitCa !== undefined){
let data3 = data.gitCa;
if(typeof data3 === "string"){
if(func3(data3) > 4096){
const err10 = {instancePath:instancePath+"/gitCa",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(func3(data3) < 1){
const err11 = {instancePath:instancePath+"/gitCa",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data3};
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
const err12 = {instancePath:instancePath+"/gitCa",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.gitCredentials !== undefined){
let data4 = data.gitCredentials;
if(typeof data4 === "string"){
if(func3(data4) > 4096){
const err13 = {instancePath:instancePath+"/gitCredentials",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(func3(data4) < 1){
const err14 = {instancePath:instancePath+"/gitCredentials",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data4};
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
const err15 = {instancePath:instancePath+"/gitCredentials",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.gitCredentialHelper !== undefined){
let data5 = data.gitCredentialHelper;
if(typeof data5 === "string"){
if(func3(data5) > 2048){
const err16 = {instancePath:instancePath+"/gitCredentialHelper",schemaPath:"#/properties/gitCredentialHelper/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.gitCredentialHelper,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(func3(data5) < 1){
const err17 = {instancePath:instancePath+"/gitCredentialHelper",schemaPath:"#/properties/gitCredentialHelper/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.gitCredentialHelper,data:data5};
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
const err18 = {instancePath:instancePath+"/gitCredentialHelper",schemaPath:"#/properties/gitCredentialHelper/type",keyword:"type",params:{type: "string"},schema:schema12.properties.gitCredentialHelper.type,parentSchema:schema12.properties.gitCredentialHelper,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.sshKnownHosts !== undefined){
let data6 = data.sshKnownHosts;
if(typeof data6 === "string"){
if(func3(data6) > 4096){
const err19 = {instancePath:instancePath+"/sshKnownHosts",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(func3(data6) < 1){
const err20 = {instancePath:instancePath+"/sshKnownHosts",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data6};
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
const err21 = {instancePath:instancePath+"/sshKnownHosts",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.sshKey !== undefined){
let data7 = data.sshKey;
if(typeof data7 === "string"){
if(func3(data7) > 4096){
const err22 = {instancePath:instancePath+"/sshKey",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(func3(data7) < 1){
const err23 = {instancePath:instancePath+"/sshKey",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/sshKey",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data7};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.fetchTimeout !== undefined){
let data8 = data.fetchTimeout;
if(!(keyword0(data8))){
const err25 = {instancePath:instancePath+"/fetchTimeout",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema19,data:data8};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(typeof data8 === "string"){
if(!pattern0.test(data8)){
const err26 = {instancePath:instancePath+"/fetchTimeout",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema19,data:data8};
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
const err27 = {instancePath:instancePath+"/fetchTimeout",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data8};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.interval !== undefined){
let data9 = data.interval;
if(!(keyword0(data9))){
const err28 = {instancePath:instancePath+"/interval",schemaPath:"common.schema.json#/$defs/duration/form",keyword:"form",params:{},schema:"duration",parentSchema:schema19,data:data9};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(typeof data9 === "string"){
if(!pattern0.test(data9)){
const err29 = {instancePath:instancePath+"/interval",schemaPath:"common.schema.json#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^(?:[0-9]{1,9}[smhdw])+$"},schema:"^(?:[0-9]{1,9}[smhdw])+$",parentSchema:schema19,data:data9};
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
const err30 = {instancePath:instancePath+"/interval",schemaPath:"common.schema.json#/$defs/duration/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data:data9};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.stateDir !== undefined){
let data10 = data.stateDir;
if(typeof data10 === "string"){
if(func3(data10) > 4096){
const err31 = {instancePath:instancePath+"/stateDir",schemaPath:"#/$defs/folder/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema21,data:data10};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(func3(data10) < 1){
const err32 = {instancePath:instancePath+"/stateDir",schemaPath:"#/$defs/folder/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema21,data:data10};
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
const err33 = {instancePath:instancePath+"/stateDir",schemaPath:"#/$defs/folder/type",keyword:"type",params:{type: "string"},schema:schema21.type,parentSchema:schema21,data:data10};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.standby !== undefined){
let data11 = data.standby;
if(typeof data11 !== "boolean"){
const err34 = {instancePath:instancePath+"/standby",schemaPath:"#/properties/standby/type",keyword:"type",params:{type: "boolean"},schema:schema12.properties.standby.type,parentSchema:schema12.properties.standby,data:data11};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data.artifacts !== undefined){
let data12 = data.artifacts;
if(typeof data12 === "string"){
if(func3(data12) > 4096){
const err35 = {instancePath:instancePath+"/artifacts",schemaPath:"#/$defs/place/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema13,data:data12};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(func3(data12) < 1){
const err36 = {instancePath:instancePath+"/artifacts",schemaPath:"#/$defs/place/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema13,data:data12};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/artifacts",schemaPath:"#/$defs/place/type",keyword:"type",params:{type: "string"},schema:schema13.type,parentSchema:schema13,data:data12};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data.lfsUrl !== undefined){
let data13 = data.lfsUrl;
if(typeof data13 === "string"){
if(func3(data13) > 2048){
const err38 = {instancePath:instancePath+"/lfsUrl",schemaPath:"#/properties/lfsUrl/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.lfsUrl,data:data13};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(func3(data13) < 1){
const err39 = {instancePath:instancePath+"/lfsUrl",schemaPath:"#/properties/lfsUrl/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.lfsUrl,data:data13};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/lfsUrl",schemaPath:"#/properties/lfsUrl/type",keyword:"type",params:{type: "string"},schema:schema12.properties.lfsUrl.type,parentSchema:schema12.properties.lfsUrl,data:data13};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data.host !== undefined){
let data14 = data.host;
if(typeof data14 === "string"){
if(func3(data14) > 2048){
const err41 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.host,data:data14};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(func3(data14) < 1){
const err42 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.host,data:data14};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
else {
const err43 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "string"},schema:schema12.properties.host.type,parentSchema:schema12.properties.host,data:data14};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data.port !== undefined){
let data15 = data.port;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err44 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},schema:schema12.properties.port.type,parentSchema:schema12.properties.port,data:data15};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 65535 || isNaN(data15)){
const err45 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema12.properties.port,data:data15};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(data15 < 0 || isNaN(data15)){
const err46 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema12.properties.port,data:data15};
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
if(data.listen !== undefined){
let data16 = data.listen;
if(typeof data16 === "string"){
if(func3(data16) > 2048){
const err47 = {instancePath:instancePath+"/listen",schemaPath:"#/properties/listen/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.listen,data:data16};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(func3(data16) < 1){
const err48 = {instancePath:instancePath+"/listen",schemaPath:"#/properties/listen/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.listen,data:data16};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
else {
const err49 = {instancePath:instancePath+"/listen",schemaPath:"#/properties/listen/type",keyword:"type",params:{type: "string"},schema:schema12.properties.listen.type,parentSchema:schema12.properties.listen,data:data16};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data.operatorListen !== undefined){
let data17 = data.operatorListen;
if(typeof data17 === "string"){
if(func3(data17) > 2048){
const err50 = {instancePath:instancePath+"/operatorListen",schemaPath:"#/properties/operatorListen/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.operatorListen,data:data17};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(func3(data17) < 1){
const err51 = {instancePath:instancePath+"/operatorListen",schemaPath:"#/properties/operatorListen/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.operatorListen,data:data17};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
else {
const err52 = {instancePath:instancePath+"/operatorListen",schemaPath:"#/properties/operatorListen/type",keyword:"type",params:{type: "string"},schema:schema12.properties.operatorListen.type,parentSchema:schema12.properties.operatorListen,data:data17};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data.operatorTokenFile !== undefined){
let data18 = data.operatorTokenFile;
if(typeof data18 === "string"){
if(func3(data18) > 4096){
const err53 = {instancePath:instancePath+"/operatorTokenFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data18};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(func3(data18) < 1){
const err54 = {instancePath:instancePath+"/operatorTokenFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data18};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
else {
const err55 = {instancePath:instancePath+"/operatorTokenFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data18};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data.publicUrl !== undefined){
let data19 = data.publicUrl;
if(Array.isArray(data19)){
if(data19.length > 100){
const err56 = {instancePath:instancePath+"/publicUrl",schemaPath:"#/properties/publicUrl/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema12.properties.publicUrl,data:data19};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(data19.length < 1){
const err57 = {instancePath:instancePath+"/publicUrl",schemaPath:"#/properties/publicUrl/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema12.properties.publicUrl,data:data19};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
const len0 = data19.length;
for(let i0=0; i0<len0; i0++){
let data20 = data19[i0];
if(typeof data20 === "string"){
if(func3(data20) > 2048){
const err58 = {instancePath:instancePath+"/publicUrl/" + i0,schemaPath:"#/properties/publicUrl/items/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.publicUrl.items,data:data20};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(func3(data20) < 1){
const err59 = {instancePath:instancePath+"/publicUrl/" + i0,schemaPath:"#/properties/publicUrl/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.publicUrl.items,data:data20};
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
const err60 = {instancePath:instancePath+"/publicUrl/" + i0,schemaPath:"#/properties/publicUrl/items/type",keyword:"type",params:{type: "string"},schema:schema12.properties.publicUrl.items.type,parentSchema:schema12.properties.publicUrl.items,data:data20};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
let i1 = data19.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data19[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err61 = {instancePath:instancePath+"/publicUrl",schemaPath:"#/properties/publicUrl/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},schema:true,parentSchema:schema12.properties.publicUrl,data:data19};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err62 = {instancePath:instancePath+"/publicUrl",schemaPath:"#/properties/publicUrl/type",keyword:"type",params:{type: "array"},schema:schema12.properties.publicUrl.type,parentSchema:schema12.properties.publicUrl,data:data19};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data.trustProxy !== undefined){
let data21 = data.trustProxy;
if(Array.isArray(data21)){
if(data21.length > 100){
const err63 = {instancePath:instancePath+"/trustProxy",schemaPath:"#/properties/trustProxy/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema12.properties.trustProxy,data:data21};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(data21.length < 1){
const err64 = {instancePath:instancePath+"/trustProxy",schemaPath:"#/properties/trustProxy/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema12.properties.trustProxy,data:data21};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
const len1 = data21.length;
for(let i2=0; i2<len1; i2++){
let data22 = data21[i2];
if(typeof data22 === "string"){
if(func3(data22) > 2048){
const err65 = {instancePath:instancePath+"/trustProxy/" + i2,schemaPath:"#/properties/trustProxy/items/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.trustProxy.items,data:data22};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(func3(data22) < 1){
const err66 = {instancePath:instancePath+"/trustProxy/" + i2,schemaPath:"#/properties/trustProxy/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.trustProxy.items,data:data22};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
else {
const err67 = {instancePath:instancePath+"/trustProxy/" + i2,schemaPath:"#/properties/trustProxy/items/type",keyword:"type",params:{type: "string"},schema:schema12.properties.trustProxy.items.type,parentSchema:schema12.properties.trustProxy.items,data:data22};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
let i3 = data21.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data21[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err68 = {instancePath:instancePath+"/trustProxy",schemaPath:"#/properties/trustProxy/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},schema:true,parentSchema:schema12.properties.trustProxy,data:data21};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
const err69 = {instancePath:instancePath+"/trustProxy",schemaPath:"#/properties/trustProxy/type",keyword:"type",params:{type: "array"},schema:schema12.properties.trustProxy.type,parentSchema:schema12.properties.trustProxy,data:data21};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data.maxConnections !== undefined){
let data23 = data.maxConnections;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
const err70 = {instancePath:instancePath+"/maxConnections",schemaPath:"#/properties/maxConnections/type",keyword:"type",params:{type: "integer"},schema:schema12.properties.maxConnections.type,parentSchema:schema12.properties.maxConnections,data:data23};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 > 9999999 || isNaN(data23)){
const err71 = {instancePath:instancePath+"/maxConnections",schemaPath:"#/properties/maxConnections/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9999999},schema:9999999,parentSchema:schema12.properties.maxConnections,data:data23};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(data23 < 1 || isNaN(data23)){
const err72 = {instancePath:instancePath+"/maxConnections",schemaPath:"#/properties/maxConnections/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema12.properties.maxConnections,data:data23};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
if(data.webhookSecretFile !== undefined){
let data24 = data.webhookSecretFile;
if(typeof data24 === "string"){
if(func3(data24) > 4096){
const err73 = {instancePath:instancePath+"/webhookSecretFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data24};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if(func3(data24) < 1){
const err74 = {instancePath:instancePath+"/webhookSecretFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data24};
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
const err75 = {instancePath:instancePath+"/webhookSecretFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data24};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data.prometheus !== undefined){
let data25 = data.prometheus;
if(typeof data25 === "string"){
if(func3(data25) > 2000){
const err76 = {instancePath:instancePath+"/prometheus",schemaPath:"#/properties/prometheus/maxLength",keyword:"maxLength",params:{limit: 2000},schema:2000,parentSchema:schema12.properties.prometheus,data:data25};
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
const err77 = {instancePath:instancePath+"/prometheus",schemaPath:"#/properties/prometheus/type",keyword:"type",params:{type: "string"},schema:schema12.properties.prometheus.type,parentSchema:schema12.properties.prometheus,data:data25};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data.prometheusTokenFile !== undefined){
let data26 = data.prometheusTokenFile;
if(typeof data26 === "string"){
if(func3(data26) > 4096){
const err78 = {instancePath:instancePath+"/prometheusTokenFile",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data26};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(func3(data26) < 1){
const err79 = {instancePath:instancePath+"/prometheusTokenFile",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data26};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/prometheusTokenFile",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data26};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
if(data.onlineKey !== undefined){
let data27 = data.onlineKey;
if(typeof data27 === "string"){
if(func3(data27) > 4096){
const err81 = {instancePath:instancePath+"/onlineKey",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data27};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(func3(data27) < 1){
const err82 = {instancePath:instancePath+"/onlineKey",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data27};
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
const err83 = {instancePath:instancePath+"/onlineKey",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data27};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data.requireSignedCommits !== undefined){
let data28 = data.requireSignedCommits;
if(typeof data28 !== "boolean"){
const err84 = {instancePath:instancePath+"/requireSignedCommits",schemaPath:"#/properties/requireSignedCommits/type",keyword:"type",params:{type: "boolean"},schema:schema12.properties.requireSignedCommits.type,parentSchema:schema12.properties.requireSignedCommits,data:data28};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data.allowedSigners !== undefined){
let data29 = data.allowedSigners;
if(typeof data29 === "string"){
if(func3(data29) > 4096){
const err85 = {instancePath:instancePath+"/allowedSigners",schemaPath:"#/$defs/file/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema14,data:data29};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(func3(data29) < 1){
const err86 = {instancePath:instancePath+"/allowedSigners",schemaPath:"#/$defs/file/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema14,data:data29};
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
const err87 = {instancePath:instancePath+"/allowedSigners",schemaPath:"#/$defs/file/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data:data29};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data.gnupgHome !== undefined){
let data30 = data.gnupgHome;
if(typeof data30 === "string"){
if(func3(data30) > 4096){
const err88 = {instancePath:instancePath+"/gnupgHome",schemaPath:"#/$defs/folder/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema21,data:data30};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(func3(data30) < 1){
const err89 = {instancePath:instancePath+"/gnupgHome",schemaPath:"#/$defs/folder/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema21,data:data30};
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
const err90 = {instancePath:instancePath+"/gnupgHome",schemaPath:"#/$defs/folder/type",keyword:"type",params:{type: "string"},schema:schema21.type,parentSchema:schema21,data:data30};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data.forgeKey !== undefined){
let data31 = data.forgeKey;
if(typeof data31 === "string"){
if(func3(data31) > 2048){
const err91 = {instancePath:instancePath+"/forgeKey",schemaPath:"#/properties/forgeKey/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.forgeKey,data:data31};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(func3(data31) < 1){
const err92 = {instancePath:instancePath+"/forgeKey",schemaPath:"#/properties/forgeKey/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.forgeKey,data:data31};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/forgeKey",schemaPath:"#/properties/forgeKey/type",keyword:"type",params:{type: "string"},schema:schema12.properties.forgeKey.type,parentSchema:schema12.properties.forgeKey,data:data31};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data.maxCommits !== undefined){
let data32 = data.maxCommits;
if(!(((typeof data32 == "number") && (!(data32 % 1) && !isNaN(data32))) && (isFinite(data32)))){
const err94 = {instancePath:instancePath+"/maxCommits",schemaPath:"#/properties/maxCommits/type",keyword:"type",params:{type: "integer"},schema:schema12.properties.maxCommits.type,parentSchema:schema12.properties.maxCommits,data:data32};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if((typeof data32 == "number") && (isFinite(data32))){
if(data32 > 9999999 || isNaN(data32)){
const err95 = {instancePath:instancePath+"/maxCommits",schemaPath:"#/properties/maxCommits/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9999999},schema:9999999,parentSchema:schema12.properties.maxCommits,data:data32};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if(data32 < 1 || isNaN(data32)){
const err96 = {instancePath:instancePath+"/maxCommits",schemaPath:"#/properties/maxCommits/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema12.properties.maxCommits,data:data32};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
}
if(data.fleet !== undefined){
let data33 = data.fleet;
if(typeof data33 !== "string"){
const err97 = {instancePath:instancePath+"/fleet",schemaPath:"#/properties/fleet/type",keyword:"type",params:{type: "string"},schema:schema12.properties.fleet.type,parentSchema:schema12.properties.fleet,data:data33};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(!((data33 === "on") || (data33 === "off"))){
const err98 = {instancePath:instancePath+"/fleet",schemaPath:"#/properties/fleet/enum",keyword:"enum",params:{allowedValues: schema12.properties.fleet.enum},schema:schema12.properties.fleet.enum,parentSchema:schema12.properties.fleet,data:data33};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data.propose !== undefined){
let data34 = data.propose;
if(typeof data34 !== "string"){
const err99 = {instancePath:instancePath+"/propose",schemaPath:"#/properties/propose/type",keyword:"type",params:{type: "string"},schema:schema12.properties.propose.type,parentSchema:schema12.properties.propose,data:data34};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(!((data34 === "off") || (data34 === "branch"))){
const err100 = {instancePath:instancePath+"/propose",schemaPath:"#/properties/propose/enum",keyword:"enum",params:{allowedValues: schema12.properties.propose.enum},schema:schema12.properties.propose.enum,parentSchema:schema12.properties.propose,data:data34};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
if(data.proposeAs !== undefined){
let data35 = data.proposeAs;
if(typeof data35 === "string"){
if(func3(data35) > 400){
const err101 = {instancePath:instancePath+"/proposeAs",schemaPath:"#/properties/proposeAs/maxLength",keyword:"maxLength",params:{limit: 400},schema:400,parentSchema:schema12.properties.proposeAs,data:data35};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(func3(data35) < 1){
const err102 = {instancePath:instancePath+"/proposeAs",schemaPath:"#/properties/proposeAs/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.proposeAs,data:data35};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
else {
const err103 = {instancePath:instancePath+"/proposeAs",schemaPath:"#/properties/proposeAs/type",keyword:"type",params:{type: "string"},schema:schema12.properties.proposeAs.type,parentSchema:schema12.properties.proposeAs,data:data35};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data.pageChanges !== undefined){
let data36 = data.pageChanges;
if(typeof data36 !== "string"){
const err104 = {instancePath:instancePath+"/pageChanges",schemaPath:"#/properties/pageChanges/type",keyword:"type",params:{type: "string"},schema:schema12.properties.pageChanges.type,parentSchema:schema12.properties.pageChanges,data:data36};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(!(((data36 === "off") || (data36 === "branch")) || (data36 === "direct"))){
const err105 = {instancePath:instancePath+"/pageChanges",schemaPath:"#/properties/pageChanges/enum",keyword:"enum",params:{allowedValues: schema12.properties.pageChanges.enum},schema:schema12.properties.pageChanges.enum,parentSchema:schema12.properties.pageChanges,data:data36};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data.forge !== undefined){
let data37 = data.forge;
if(typeof data37 !== "string"){
const err106 = {instancePath:instancePath+"/forge",schemaPath:"#/properties/forge/type",keyword:"type",params:{type: "string"},schema:schema12.properties.forge.type,parentSchema:schema12.properties.forge,data:data37};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(!((((data37 === "github") || (data37 === "gitlab")) || (data37 === "gitea")) || (data37 === "none"))){
const err107 = {instancePath:instancePath+"/forge",schemaPath:"#/properties/forge/enum",keyword:"enum",params:{allowedValues: schema12.properties.forge.enum},schema:schema12.properties.forge.enum,parentSchema:schema12.properties.forge,data:data37};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data.forgeUrl !== undefined){
let data38 = data.forgeUrl;
if(typeof data38 === "string"){
if(func3(data38) > 2048){
const err108 = {instancePath:instancePath+"/forgeUrl",schemaPath:"#/properties/forgeUrl/maxLength",keyword:"maxLength",params:{limit: 2048},schema:2048,parentSchema:schema12.properties.forgeUrl,data:data38};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(func3(data38) < 1){
const err109 = {instancePath:instancePath+"/forgeUrl",schemaPath:"#/properties/forgeUrl/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema12.properties.forgeUrl,data:data38};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
else {
const err110 = {instancePath:instancePath+"/forgeUrl",schemaPath:"#/properties/forgeUrl/type",keyword:"type",params:{type: "string"},schema:schema12.properties.forgeUrl.type,parentSchema:schema12.properties.forgeUrl,data:data38};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
if(data.notify !== undefined){
let data39 = data.notify;
if(Array.isArray(data39)){
if(data39.length > 50){
const err111 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema12.properties.notify,data:data39};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
const len2 = data39.length;
for(let i4=0; i4<len2; i4++){
if(!(validate13(data39[i4], {instancePath:instancePath+"/notify/" + i4,parentData:data39,parentDataProperty:i4,rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
}
else {
const err112 = {instancePath:instancePath+"/notify",schemaPath:"#/properties/notify/type",keyword:"type",params:{type: "array"},schema:schema12.properties.notify.type,parentSchema:schema12.properties.notify,data:data39};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data.commitStatus !== undefined){
if(!(validate21(data.commitStatus, {instancePath:instancePath+"/commitStatus",parentData:data,parentDataProperty:"commitStatus",rootData}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
}
if(data.feeds !== undefined){
let data42 = data.feeds;
if(typeof data42 !== "string"){
const err113 = {instancePath:instancePath+"/feeds",schemaPath:"#/properties/feeds/type",keyword:"type",params:{type: "string"},schema:schema12.properties.feeds.type,parentSchema:schema12.properties.feeds,data:data42};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(!(((data42 === "public") || (data42 === "token")) || (data42 === "off"))){
const err114 = {instancePath:instancePath+"/feeds",schemaPath:"#/properties/feeds/enum",keyword:"enum",params:{allowedValues: schema12.properties.feeds.enum},schema:schema12.properties.feeds.enum,parentSchema:schema12.properties.feeds,data:data42};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data.accessLog !== undefined){
let data43 = data.accessLog;
if((!((typeof data43 == "number") && (isFinite(data43)))) && (typeof data43 !== "string")){
const err115 = {instancePath:instancePath+"/accessLog",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: schema47.type},schema:schema47.type,parentSchema:schema47,data:data43};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(!(keyword3(data43))){
const err116 = {instancePath:instancePath+"/accessLog",schemaPath:"common.schema.json#/$defs/percent/form",keyword:"form",params:{},schema:"percent",parentSchema:schema47,data:data43};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if((typeof data43 == "number") && (isFinite(data43))){
if(data43 > 100 || isNaN(data43)){
const err117 = {instancePath:instancePath+"/accessLog",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},schema:100,parentSchema:schema47,data:data43};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(data43 < 0 || isNaN(data43)){
const err118 = {instancePath:instancePath+"/accessLog",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema47,data:data43};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
if(typeof data43 === "string"){
if(!pattern9.test(data43)){
const err119 = {instancePath:instancePath+"/accessLog",schemaPath:"common.schema.json#/$defs/percent/pattern",keyword:"pattern",params:{pattern: "^[0-9]{1,3}(\\.[0-9]{1,4})?%?$"},schema:"^[0-9]{1,3}(\\.[0-9]{1,4})?%?$",parentSchema:schema47,data:data43};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
}
if(data.workerMemory !== undefined){
let data44 = data.workerMemory;
if(!(((typeof data44 == "number") && (!(data44 % 1) && !isNaN(data44))) && (isFinite(data44)))){
const err120 = {instancePath:instancePath+"/workerMemory",schemaPath:"#/properties/workerMemory/type",keyword:"type",params:{type: "integer"},schema:schema12.properties.workerMemory.type,parentSchema:schema12.properties.workerMemory,data:data44};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if((typeof data44 == "number") && (isFinite(data44))){
if(data44 > 999999 || isNaN(data44)){
const err121 = {instancePath:instancePath+"/workerMemory",schemaPath:"#/properties/workerMemory/maximum",keyword:"maximum",params:{comparison: "<=", limit: 999999},schema:999999,parentSchema:schema12.properties.workerMemory,data:data44};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if(data44 < 64 || isNaN(data44)){
const err122 = {instancePath:instancePath+"/workerMemory",schemaPath:"#/properties/workerMemory/minimum",keyword:"minimum",params:{comparison: ">=", limit: 64},schema:64,parentSchema:schema12.properties.workerMemory,data:data44};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
}
if(data.logLevel !== undefined){
let data45 = data.logLevel;
if(typeof data45 !== "string"){
const err123 = {instancePath:instancePath+"/logLevel",schemaPath:"#/properties/logLevel/type",keyword:"type",params:{type: "string"},schema:schema12.properties.logLevel.type,parentSchema:schema12.properties.logLevel,data:data45};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if(!(((((data45 === "debug") || (data45 === "info")) || (data45 === "warn")) || (data45 === "error")) || (data45 === "silent"))){
const err124 = {instancePath:instancePath+"/logLevel",schemaPath:"#/properties/logLevel/enum",keyword:"enum",params:{allowedValues: schema12.properties.logLevel.enum},schema:schema12.properties.logLevel.enum,parentSchema:schema12.properties.logLevel,data:data45};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data.devKeys !== undefined){
let data46 = data.devKeys;
if(typeof data46 !== "boolean"){
const err125 = {instancePath:instancePath+"/devKeys",schemaPath:"#/properties/devKeys/type",keyword:"type",params:{type: "boolean"},schema:schema12.properties.devKeys.type,parentSchema:schema12.properties.devKeys,data:data46};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
if(data.worktree !== undefined){
let data47 = data.worktree;
if(typeof data47 !== "boolean"){
const err126 = {instancePath:instancePath+"/worktree",schemaPath:"#/properties/worktree/type",keyword:"type",params:{type: "boolean"},schema:schema12.properties.worktree.type,parentSchema:schema12.properties.worktree,data:data47};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
else {
const err127 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema12.type,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

