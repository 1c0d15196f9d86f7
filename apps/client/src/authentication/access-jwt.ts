/**
 * JSON Web Tokens of Cloudflare Access, which protects the API where ACCESS_TEAM_DOMAIN and ACCESS_AUD
 * are set. The team's keys are fetched once per isolate, and again for an unknown key, at most twice
 * a minute.
 */
import { BuildsError } from '@workers-builds/contracts'
import type { AccessIdentity } from '@workers-builds/store'
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'

/** How far apart our clock and Access' may be. */
const CLOCK_TOLERANCE_SECONDS = 30

type AccessEnv = Pick<Env, 'ACCESS_TEAM_DOMAIN' | 'ACCESS_AUD'>

/** `sub` is empty for a service token, which is known by its Client ID. */
const Claims = z.union([
  z
    .object({ email: z.email() })
    .transform(({ email }) => ({ kind: 'email' as const, name: email })),
  z
    .object({ common_name: z.string().min(1), sub: z.literal('').optional() })
    .transform(({ common_name }) => ({ kind: 'service' as const, name: common_name })),
])

let keys: { of: string; set: ReturnType<typeof createRemoteJWKSet> } | undefined

export function isJwt(token: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token)
}

export function isAccessConfigured({ ACCESS_TEAM_DOMAIN, ACCESS_AUD }: AccessEnv): boolean {
  return ACCESS_TEAM_DOMAIN !== '' && ACCESS_AUD !== ''
}

/**
 * Whom `token` identifies. Throws BuildsError `invalid_token` when Access did not issue it for us,
 * or it has expired, `unavailable` when Access' keys cannot be fetched.
 */
export async function verifyAccessJwt(env: AccessEnv, token: string): Promise<AccessIdentity> {
  const claims = Claims.safeParse(await verify(env, token))
  if (claims.success) return claims.data
  throw invalid('it identifies neither a person nor a service token')
}

async function verify(env: AccessEnv, token: string): Promise<JWTPayload> {
  const issuer = issuerOf(env)
  try {
    const { payload } = await jwtVerify(token, keysOf(issuer), {
      issuer,
      audience: env.ACCESS_AUD,
      algorithms: ['RS256'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'iat'],
    })
    return payload
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw invalid('it has expired')
    if (cause instanceof errors.JWTClaimValidationFailed)
      throw invalid(`${cause.claim} does not fit`)
    if (cause instanceof errors.JWKSTimeout || !(cause instanceof errors.JOSEError)) {
      throw new BuildsError(
        'unavailable',
        "Cloudflare Access' keys cannot be fetched at the moment",
        {
          cause,
        },
      )
    }
    throw invalid('its signature does not fit')
  }
}

function keysOf(issuer: string) {
  if (keys?.of !== issuer) {
    const url = new URL('/cdn-cgi/access/certs', issuer)
    keys = { of: issuer, set: createRemoteJWKSet(url, { cooldownDuration: 30_000 }) }
  }
  return keys.set
}

/** `https://<team>.cloudflareaccess.com`, as the `iss` claim has it. */
function issuerOf({ ACCESS_TEAM_DOMAIN }: AccessEnv): string {
  return new URL(
    ACCESS_TEAM_DOMAIN.includes('://') ? ACCESS_TEAM_DOMAIN : `https://${ACCESS_TEAM_DOMAIN}`,
  ).origin
}

function invalid(why: string): BuildsError {
  return new BuildsError('invalid_token', `Authentication error: the Access token: ${why}`)
}
