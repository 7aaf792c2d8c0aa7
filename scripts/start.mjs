/** `npm start`: installs what is missing, builds what is old, and opens the app. */
import { build, checkNode, fail, install, isBuilt, node, root, run } from './setup.mjs'

checkNode()
await install()
if (!isBuilt()) {
  console.log('Building.')
  if ((await build()) !== 0) fail('the build failed: look above for the reason')
}
process.exitCode = await run(node(), [`${root}/scripts/open.mjs`, ...process.argv.slice(2)])
