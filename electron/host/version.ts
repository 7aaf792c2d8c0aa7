import manifest from '../../package.json' with { type: 'json' }

/** Version of the app, as in package.json. */
export const version: string = manifest.version
