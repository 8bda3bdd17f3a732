export function ensureInstalled(root: string): Promise<{ installed: boolean }>
