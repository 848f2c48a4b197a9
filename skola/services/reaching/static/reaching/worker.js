// Shows notices while no page is open, and opens what they are about. It keeps nothing.
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(said.title || "", {
      body: said.text || "",
      icon: "/static/ui/icon-192.png",
      data: { url: said.url || "/", stop: said.stop },
      actions: said.stop ? [{ action: "stop", title: said.stop_word }] : [],
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, stop } = event.notification.data;
  event.waitUntil(self.clients.openWindow(event.action === "stop" ? stop : url));
});
