import { z } from 'zod'

// Must be imported before any schema: zod otherwise probes for `eval`, which the content security policy reports.
z.config({ jitless: true })
