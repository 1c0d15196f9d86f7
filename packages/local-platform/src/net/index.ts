export { startForwarding } from './forward.ts'
export { freePort } from './free-port.ts'
