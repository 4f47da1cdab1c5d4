// All scripts of a reader's page for a signed-in person, who may be an editor.

import "./files/avatars.js";
import "./shared/time-zone.js";
import "./shell/keys.js";
import "../Shell/Layout/ReconnectNotice.razor.js";
import * as LiveblogEditor from "../Liveblogs/Editing/LiveblogEditor.razor.js";
import { start } from "./circuit/start.js";

globalThis.scripts = { LiveblogEditor };
start();
