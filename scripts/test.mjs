/** `npm test`: installs what is missing, then checks everything. */
import { checkNode, install, node, root, run } from './setup.mjs'

checkNode()
const began = Date.now()
await install()
console.log(`installed: ${((Date.now() - began) / 1000).toFixed(1)} s`)
process.exitCode = await run(node(), [`${root}/scripts/check.mjs`, ...process.argv.slice(2)])
