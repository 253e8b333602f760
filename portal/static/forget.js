// What was sent is no draft any more; what was written elsewhere still is.
try {
  const sent = sessionStorage.getItem("terkirim");
  if (sent && document.querySelector(".banner.good")) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("terkirim");
} catch { /* nothing is kept */ }
