/** `npm start`: installs what is missing, builds what is old, and opens the app. */
import { readOptions, usage } from './options.mjs'
import { build, checkNode, fail, install, isBuilt, node, root, run } from './setup.mjs'

checkNode()
// before anything is installed: a slip of the pen should not cost a minute
const { options, wrong } = readOptions(process.argv.slice(2))
if (wrong) fail(wrong)
if (options.help) {
  console.log(usage)
  process.exit()
}
await install()
if (!isBuilt()) {
  console.log('Building.')
  if ((await build()) !== 0) fail('the build failed: look above for the reason')
}
process.exitCode = await run(node(), [`${root}/scripts/open.mjs`, ...process.argv.slice(2)])
