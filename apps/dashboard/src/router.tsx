import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { readFilters } from './views/build-filters.ts'
import { Shell } from './views/shell.tsx'

const root = createRootRoute({ component: Shell })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./views/home.tsx'), 'Home'),
})

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ to }: Record<string, unknown>): { to?: string } =>
    // Only a place of this page: an address of elsewhere begins otherwise.
    typeof to === 'string' && /^\/(?!\/|\\)/.test(to) ? { to } : {},
  component: lazyRouteComponent(() => import('./views/sign-in.tsx'), 'SignIn'),
})

const explain = createRoute({
  getParentRoute: () => root,
  path: '/explain',
  component: lazyRouteComponent(() => import('./views/explain.tsx'), 'Explain'),
})

const docsRoute = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } =>
    typeof q === 'string' ? { q } : {},
  component: lazyRouteComponent(() => import('./views/docs.tsx'), 'Docs'),
})

const docRoute = createRoute({
  getParentRoute: () => root,
  path: '/docs/$page',
  component: lazyRouteComponent(() => import('./views/docs.tsx'), 'DocPage'),
})

const accountRoute = createRoute({
  getParentRoute: () => root,
  path: '/$account_id',
  component: lazyRouteComponent(() => import('./views/account.tsx'), 'Account'),
})

const buildsRoute = createRoute({
  getParentRoute: () => root,
  path: '/$account_id/builds',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./views/builds.tsx'), 'Builds'),
})

const workerRoute = createRoute({
  getParentRoute: () => root,
  path: '/$account_id/workers/$script_tag',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./views/worker.tsx'), 'Worker'),
})

const buildRoute = createRoute({
  getParentRoute: () => root,
  path: '/$account_id/builds/$build_uuid',
  component: lazyRouteComponent(() => import('./views/build.tsx'), 'BuildPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signInRoute,
    explain,
    docsRoute,
    docRoute,
    accountRoute,
    buildsRoute,
    workerRoute,
    buildRoute,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: () => {
    throw redirect({ to: '/' })
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
