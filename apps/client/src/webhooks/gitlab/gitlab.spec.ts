import { randomHex } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../../testing/client-harness.ts'
import {
  type GitLabPush,
  gitLabPush,
  signedHeaders,
  tokenHeaders,
} from '../../testing/gitlab-delivery.ts'

const client = useClient()
const SIGNING_TOKEN = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`

async function createProject({ secret = 'a secret token' } = {}) {
  const tenant = await client.createWebhookTenant(secret)
  await client.sql`
    update repo_connections set provider_type = 'gitlab'
    where repo_connection_uuid = ${tenant.repo_connection_uuid}`
  const path = `/webhooks/gitlab/${tenant.repo_connection_uuid}`
  const post = (body: string, headers: Record<string, string | undefined>) =>
    client.call(path, { method: 'POST', body, headers: present(headers) })
  return {
    ...tenant,
    path,
    post,
    send: (body: object) => post(JSON.stringify(body), tokenHeaders(secret)),
    push: (options: Omit<GitLabPush, 'project_id'> = {}, event_uuid?: string) =>
      post(
        gitLabPush({ project_id: tenant.repo_id, ...options }),
        tokenHeaders(secret, event_uuid),
      ),
    async builds() {
      return await client.sql<
        { commit_hash: string; skip_reason: string | null; author: string; branch: string }[]
      >`
        select * from builds where account_id = ${tenant.account_id} order by build_id`
    },
  }
}

function present(headers: Record<string, string | undefined>): [string, string][] {
  return Object.entries(headers).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
}

describe('a push', () => {
  test('with the secret token queues a build', async () => {
    const project = await createProject()
    const after = randomHex(40)
    const answer = await project.push({ after })
    expect(answer).toMatchObject({ status: 200, result: { event: 'push', duplicate: false } })
    expect(await project.builds()).toMatchObject([
      { commit_hash: after, branch: 'main', author: 'Ada', skip_reason: null },
    ])
  })

  test('with a signature queues a build, and again none', async () => {
    const project = await createProject({ secret: SIGNING_TOKEN })
    const body = gitLabPush({ project_id: project.repo_id })
    const headers = await signedHeaders(body, { signing_token: SIGNING_TOKEN })
    expect(await project.post(body, headers)).toMatchObject({ status: 200 })
    // GitLab's retry: the same id, another time.
    const { 'webhook-id': id } = headers
    const signed_on = new Date(Date.now() + 1_000)
    const again = await signedHeaders(body, { signing_token: SIGNING_TOKEN, id, signed_on })
    expect(await project.post(body, again)).toMatchObject({
      status: 200,
      result: { duplicate: true },
    })
    expect(await project.builds()).toHaveLength(1)
  })

  test('with a signing token as its secret token, as an older GitLab has it, is taken', async () => {
    const project = await createProject({ secret: SIGNING_TOKEN })
    expect(await project.push()).toMatchObject({ status: 200 })
    expect(await project.builds()).toHaveLength(1)
  })

  test('that comes again under another id makes no second build', async () => {
    const project = await createProject()
    const push = { before: randomHex(40), after: randomHex(40) }
    const first = await project.push(push, 'one')
    expect((await project.push(push, 'one')).result).toMatchObject({
      duplicate: true,
      build_uuids: first.result.build_uuids,
    })
    const other = await project.push(push, 'two')
    expect(other.result).toMatchObject({
      build_uuids: [],
      ignored: 'this push was received before',
      decisions: [{ build_uuid: first.result.build_uuids[0] }],
    })
    expect(await project.builds()).toHaveLength(1)
  })

  test('there, back and there again makes three', async () => {
    const project = await createProject()
    const [a, b] = [randomHex(40), randomHex(40)]
    await project.push({ before: a, after: b })
    await project.push({ before: b, after: a })
    await project.push({ before: a, after: b })
    expect((await project.builds()).map((build) => [build.commit_hash, build.skip_reason])).toEqual(
      [
        [b, 'superseded'],
        [a, 'superseded'],
        [b, null],
      ],
    )
  })

  test('back to where the branch stood before is built, whether received once or twice', async () => {
    const project = await createProject()
    const [a, b, c] = [randomHex(40), randomHex(40), randomHex(40)]
    const moves = [
      [a, b],
      [b, c],
      [c, a],
      [a, b],
      [b, a],
    ] as const
    for (const [before, after] of moves) {
      await project.push({ before, after })
      await project.push({ before, after })
    }
    const builds = await project.builds()
    expect(builds.map((build) => build.commit_hash)).toEqual([b, c, a, b, a])
    expect(builds.filter((build) => build.skip_reason === null)).toEqual([builds[4]])
  })

  test('that another hook reports late makes no second build', async () => {
    const project = await createProject()
    const [a, b, c] = [randomHex(40), randomHex(40), randomHex(40)]
    await project.push({ before: a, after: b })
    await project.push({ before: b, after: c })
    await project.push({ before: a, after: b })
    expect((await project.builds()).map((build) => build.skip_reason)).toEqual(['superseded', null])
  })

  test('to a branch that was deleted before its build began is built when it is made again', async () => {
    const project = await createProject()
    const [none, a] = ['0'.repeat(40), randomHex(40)]
    await project.push({ before: none, after: a })
    await project.push({ before: a, after: none })
    await project.push({ before: none, after: a })
    expect((await project.builds()).map((build) => build.skip_reason)).toEqual([
      'branch_deleted',
      null,
    ])
  })

  test('is decided like one at GitHub', async () => {
    const project = await createProject()
    await client.sql`
      update triggers set path_includes = '["src/*"]' where trigger_uuid = ${project.trigger_uuid}`
    await project.push({ added: ['docs/a.md'] })
    await project.push({ added: ['docs/a.md'], total_commits_count: 20 })
    await project.push({ message: '[ci skip]' })
    await project.push({ push_options: { ci: { skip: true } } })
    expect((await project.builds()).map((build) => build.skip_reason)).toEqual([
      'paths_excluded',
      null,
      'skip_ci',
      'skip_ci',
    ])
  })

  test('of a new branch is built, and its deletion skips what waits', async () => {
    const project = await createProject()
    const [none, head] = ['0'.repeat(40), randomHex(40)]
    const ref = 'refs/heads/feature/x'
    await project.push({ ref, before: none, after: head })
    const gone = await project.push({ ref, before: head, after: none, total_commits_count: 0 })
    expect(gone.result.ignored).toBe(
      'branch feature/x was deleted; 1 queued builds of it were skipped',
    )
    expect(await project.builds()).toMatchObject([{ skip_reason: 'branch_deleted' }])
  })
})

describe('other hooks', () => {
  const request = (project: { repo_id: number }, source_project_id: number) => ({
    object_kind: 'merge_request',
    event_type: 'merge_request',
    project: { id: project.repo_id, path_with_namespace: 'group/shop' },
    object_attributes: {
      id: 99,
      iid: 3,
      action: 'open',
      source_branch: 'x',
      target_branch: 'main',
      source_project_id,
      target_project_id: project.repo_id,
      source: { path_with_namespace: 'somebody/shop' },
    },
  })

  test('a merge request makes no build, from a fork least of all', async () => {
    const project = await createProject()
    const own = await project.send(request(project, project.repo_id))
    expect(own.result.ignored).toBe('merge request !3: the pushes to its branch x are built')
    const fork = await project.send(request(project, 1))
    expect(fork.result.ignored).toBe(
      'merge request !3 is from somebody/shop: forks are not built, so as to see no secret',
    )
    expect(await project.builds()).toEqual([])
  })

  test('tags, issues, notes and what we never heard of are answered', async () => {
    const project = await createProject()
    const about = { project: { id: project.repo_id }, project_id: project.repo_id }
    const hooks = [
      'tag_push issue note wiki_page pipeline build deployment release emoji feature_flag',
      'access_token vulnerability milestone work_item member subgroup something_new',
    ].flatMap((kinds) => kinds.split(' '))
    for (const object_kind of hooks) {
      const answer = await project.send({ object_kind, ...about })
      expect(answer).toMatchObject({ status: 200, result: { ignored: expect.any(String) } })
    }
    expect(await project.builds()).toEqual([])
  })

  test('a project that is renamed, moved or destroyed is followed', async () => {
    const project = await createProject()
    const connection = async () => {
      const [row] = await client.sql`
        select * from repo_connections
        where repo_connection_uuid = ${project.repo_connection_uuid}`
      return row
    }
    const about = { project_id: project.repo_id, path_with_namespace: 'group/sub/shop2' }
    await project.send({ event_name: 'project_rename', ...about })
    expect(await connection()).toMatchObject({
      provider_account_name: 'group/sub',
      repo_name: 'shop2',
    })
    await project.send({ event_name: 'project_destroy', ...about })
    expect(await connection()).toMatchObject({ disconnect_reason: 'repository_deleted' })
  })
})

describe('refused with a 4xx and no build', () => {
  test('a wrong token, and none', async () => {
    const project = await createProject()
    const body = gitLabPush({ project_id: project.repo_id })
    for (const token of ['', 'a secret tokem', 'a secret token!', 'x'.repeat(10_000)]) {
      expect((await project.post(body, tokenHeaders(token))).status, token).toBe(401)
    }
    expect((await project.post(body, {})).status).toBe(401)
    expect(await project.builds()).toEqual([])
  })

  test('a signature that is forged, old, ahead, of another body, or missing', async () => {
    const project = await createProject({ secret: SIGNING_TOKEN })
    const body = gitLabPush({ project_id: project.repo_id })
    const sign = (options = {}) => signedHeaders(body, { signing_token: SIGNING_TOKEN, ...options })
    const good = await sign()
    const minutes = (count: number) => new Date(Date.now() + count * 60_000)
    const otherKey = `whsec_${btoa('another key of thirty-two bytes!')}`
    for (const [why, headers] of Object.entries({
      forged: await sign({ signing_token: otherKey }),
      old: await sign({ signed_on: minutes(-6) }),
      ahead: await sign({ signed_on: minutes(6) }),
      'another id': { ...good, 'webhook-id': crypto.randomUUID() },
      'another time': { ...good, 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 9) },
      'no time': { ...good, 'webhook-timestamp': 'NaN' },
      'no version': { ...good, 'webhook-signature': good['webhook-signature'].slice(3) },
      nonsense: { ...good, 'webhook-signature': 'v1,x v2,y v1, ,' },
      // A signature that is wrong is not made good by a token.
      'forged, with the token': {
        ...tokenHeaders(SIGNING_TOKEN),
        ...good,
        'webhook-signature': 'v1,',
      },
      'no signature': { ...good, 'webhook-signature': undefined },
    })) {
      expect((await project.post(body, headers)).status, why).toBe(401)
    }
    const changed = body.replace('Change', 'Chance')
    expect((await project.post(changed, good)).status).toBe(401)
    expect(await project.builds()).toEqual([])
  })

  test('one good signature among others is enough', async () => {
    const project = await createProject({ secret: SIGNING_TOKEN })
    const body = gitLabPush({ project_id: project.repo_id })
    const good = await signedHeaders(body, { signing_token: SIGNING_TOKEN })
    const several = `v1a,xyz v1,${btoa('x'.repeat(32))} ${good['webhook-signature']}`
    const answer = await project.post(body, { ...good, 'webhook-signature': several })
    expect(answer.status).toBe(200)
  })

  test('a body that is no JSON, no hook, or of another project', async () => {
    const project = await createProject()
    for (const body of [
      'push!',
      '[]',
      'null',
      gitLabPush({ project_id: 1 }),
      '{"object_kind":"push"}',
    ]) {
      const answer = await project.post(body, tokenHeaders(project.secret))
      expect(answer, body).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
    }
    expect(await project.builds()).toEqual([])
  })

  test("GitHub's hook at GitLab's address, and the other way round", async () => {
    const project = await createProject()
    const github = await client.createWebhookTenant('a secret')
    const body = gitLabPush({ project_id: github.repo_id })
    for (const path of [
      `/webhooks/gitlab/${github.repo_connection_uuid}`,
      `/webhooks/github/${project.repo_connection_uuid}`,
    ]) {
      const init = { method: 'POST', body, headers: tokenHeaders('a secret') }
      expect(await client.call(path, init)).toMatchObject({ status: 404 })
    }
  })
})
