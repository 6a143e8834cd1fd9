export type { CountingPreset, Preset, PresetFigures, PresetHeartbeat } from './heartbeats/preset.js';
export { textPing } from './heartbeats/text-ping.js';
