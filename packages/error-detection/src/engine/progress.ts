/**
 * Lines that are no failure but say how to read the others: where a step begins, and that what went
 * before has ended well, so that nothing in it was the cause.
 *
 * @module
 */
import type { Step } from '@workers-builds/contracts'

export interface Marker {
  needle: string
  /** The line, normalised, must match this. */
  when: RegExp
  /** From here on the build is in this step. */
  begins?: Step
  /**
   * What the line absolves: `all` errors before it, or the `weak` ones, which are only known by
   * their looks.
   */
  absolves?: 'all' | 'weak'
  /** The line shows that Wrangler runs in this step. */
  wrangler?: true
}

export const MARKERS: readonly Marker[] = [
  {
    needle: 'Initializing build environment',
    when: /^Initializing build env/,
    begins: 'initializing',
  },
  { needle: 'Cloning repository', when: /^Cloning repository/, begins: 'cloning' },
  {
    needle: 'Installing project dependencies',
    when: /^Installing project dep/,
    begins: 'installing',
  },
  {
    needle: 'Executing user build command',
    when: /^Executing user build/,
    begins: 'building',
    absolves: 'all',
  },
  { needle: 'Executing user command', when: /^Executing user command/, begins: 'building' },
  {
    needle: 'Executing user deploy command',
    when: /^Executing user deploy/,
    begins: 'deploying',
    absolves: 'all',
  },
  {
    needle: 'Success: Build command completed',
    when: /^Success: Build command completed/,
    absolves: 'all',
  },
  {
    needle: 'Success: Deploy command completed',
    when: /^Success: Deploy command/,
    absolves: 'all',
  },
  { needle: 'Success: Your site was deployed', when: /^Success: Your site was/, absolves: 'all' },
  { needle: 'Success: Assets published', when: /^Success: Assets published/, absolves: 'all' },
  {
    needle: 'Validating asset output directory',
    when: /^Validating asset output/,
    absolves: 'all',
  },
  {
    needle: 'Compiled successfully',
    when: /^(?:✓ |- info )?Compiled successfully/,
    absolves: 'weak',
  },
  { needle: '✓ built in', when: /✓ built in/, absolves: 'weak' },
  { needle: '✓ Generating static pages', when: /✓ Generating static pages/, absolves: 'weak' },
  { needle: 'Route (app)', when: /^Route \(app\)/, absolves: 'weak' },
  { needle: 'Route (pages)', when: /^Route \(pages\)/, absolves: 'weak' },
  { needle: 'prerendered as static', when: /prerendered as static/, absolves: 'weak' },
  { needle: 'server-rendered on demand', when: /server-rendered on demand/, absolves: 'weak' },
  { needle: 'Exited with code 0', when: /Exited with code 0\b/, absolves: 'weak' },
  { needle: 'page(s) built in', when: /page\(s\) built in/, absolves: 'weak' },
  { needle: '⛅️ wrangler', when: /⛅️ wrangler/, wrangler: true },
  { needle: 'wrangler deploy', when: /wrangler deploy/, wrangler: true },
  { needle: 'wrangler versions', when: /wrangler versions/, wrangler: true },
]
