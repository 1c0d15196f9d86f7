export { type AddressPolicy, webhookUrlProblem } from './address.ts'
export { createSecret, signedHeaders } from './signature.ts'
