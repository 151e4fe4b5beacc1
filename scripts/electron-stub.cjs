// The app inside the fall-back Electron: loads the app folder named on the command line, as Electron's own
// default app does.
const { app } = require('electron');
const { join, resolve } = require('node:path');

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const { name, productName, version, main } = require(join(folder, 'package.json'));
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
app.name = productName ?? name;
app.setVersion(version);
app.setAppPath(folder);
require(join(folder, main));
