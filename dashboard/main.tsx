import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./shell/shell.css";
import { render } from "preact";
import { takeTokenFromAddress } from "./api/token.ts";
import { App } from "./shell/app.tsx";
import { listenToKeys } from "./shell/use-keys.ts";

takeTokenFromAddress();
listenToKeys();
const root = document.getElementById("page");
if (root !== null) render(<App />, root);
