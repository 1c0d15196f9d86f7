// There is no such file: the build of this project fails, and the demo shows why.
import { balanceOf } from './balance'

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url)
    return Response.json({ balance: balanceOf(searchParams.get('account')) })
  },
}
