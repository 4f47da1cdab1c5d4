// All scripts of the pages that are a circuit as a whole. A published app has them in one file; decision 0067 has the reasons.

import "./rooms/early-composer.js";
import "./rooms/rows/link-previews.js";
import "./files/viewer.js";
import "./files/avatars.js";
import "./shared/time-zone.js";
import "./shell/keys.js";
import "../Shell/Layout/ReconnectNotice.razor.js";
import * as BrowserDrafts from "../Rooms/Pages/Drafts/BrowserDrafts.razor.js";
import * as Composer from "../Rooms/Pages/Composing/Composer.razor.js";
import * as ForwardDialog from "../Rooms/Pages/Dialogs/ForwardDialog.razor.js";
import * as MessageList from "../Rooms/Pages/Rows/MessageList.razor.js";
import * as Permalinks from "./rooms/rows/permalinks.js";
import * as RoomNav from "../Rooms/Pages/Drawer/RoomNav.razor.js";
import * as SearchPane from "../Rooms/Pages/Search/SearchPane.razor.js";
import * as UnreadPage from "../Rooms/Pages/Unread/UnreadPage.razor.js";
import * as UnsentTexts from "../Rooms/Pages/Composing/UnsentTexts.razor.js";
import { start } from "./circuit/start.js";

globalThis.scripts = { BrowserDrafts, Composer, ForwardDialog, MessageList, Permalinks, RoomNav, SearchPane, UnreadPage, UnsentTexts };
start();
