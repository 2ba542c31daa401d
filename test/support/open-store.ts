import { openStore } from "../../src/store/open.ts";

// One process that opens the store: node open-store.ts FOLDER
const store = openStore(process.argv[2] ?? "");
store.close();
process.stdout.write("open\n");
