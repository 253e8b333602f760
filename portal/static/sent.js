// After something was sent from here, its draft is of no use any more.
try { for (const key of Object.keys(sessionStorage)) if (key.startsWith("aduan:")) sessionStorage.removeItem(key); } catch { /* none */ }
