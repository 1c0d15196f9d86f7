export { fromBase64Url, toBase64Url } from './base64url.ts'
export {
  type Keyring,
  parseKeyring,
  parseKeys,
  type SealedPlace,
  SealedValueError,
} from './keyring.ts'
export { type Resealed, resealSome } from './reseal.ts'
