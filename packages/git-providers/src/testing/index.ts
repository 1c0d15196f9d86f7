export * from './fake-github.ts'
export * from './fake-gitlab.ts'
export * from './fake-repository.ts'
