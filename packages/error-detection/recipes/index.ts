import { bundlers } from './bundlers.ts'
import { deploy } from './deploy.ts'
import { environment } from './environment.ts'
import { frameworks } from './frameworks.ts'
import { languages } from './languages.ts'
import { packageManagers } from './package-managers.ts'
import type { Recipes } from './recipe.ts'

export const RECIPES: Recipes = {
  ...packageManagers,
  ...bundlers,
  ...languages,
  ...deploy,
  ...frameworks,
  ...environment,
}
