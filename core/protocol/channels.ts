/** Names of the channels between preload and main. Alone in a file, so that the preload carries nothing else along. */
export const channels = {
  call: 'layerloom:call',
  event: 'layerloom:event',
  watch: 'layerloom:watch',
  port: 'layerloom:port',
} as const
