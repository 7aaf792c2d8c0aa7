import { parseArgs } from 'node:util'

/** What `npm start -- --help` prints. */
export const usage = `npm start -- [--browser] [--port N] [--no-open]

  --browser   open in your browser instead of Electron's window
  --port N    give the browser a fixed address (up to 65535; 0, the default, takes any free one)
  --no-open   print the address and leave opening it to you
  --help      print this`

const known = {
  browser: { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
  'no-open': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
}

/** The options of `npm start`, or one line about what is wrong with them: `{ options }` or `{ wrong }`. */
export function readOptions(args) {
  let values
  try {
    values = parseArgs({ args, options: known }).values
  } catch (error) {
    return { wrong: `${error.message.split('. ')[0]}: npm start -- --help lists what there is` }
  }
  const port = Number(values.port)
  if (values.port.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65535)
    return { wrong: `--port ${values.port}: give a number up to 65535` }
  return { options: { browser: values.browser, open: !values['no-open'], help: values.help, port } }
}
