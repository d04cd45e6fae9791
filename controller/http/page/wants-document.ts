/** Whether an `Accept` header names HTML, as that of a browser does when somebody goes to an address. */
export function wantsDocument(accept = ""): boolean {
  return accept.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";");
    if (type.trim().toLowerCase() !== "text/html") return false;
    return !parameters.some((parameter) => /^\s*q\s*=\s*0(?:\.0{0,3})?\s*$/i.test(parameter));
  });
}
