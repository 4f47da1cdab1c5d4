// The scripts of pages without a circuit.

import "./files/avatars.js";
import "./shared/time-zone.js";
import { start } from "./circuit/start.js";

start();
