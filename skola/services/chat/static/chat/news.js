// Somebody has a chat and reads another page meanwhile: the header tells of new answers.
(() => {
  const door = document.getElementById("talk-door");
  const told = document.getElementById("talk-news");
  if (!door || !told) return;
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(door.dataset.news).catch(() => null);
    if (!answer) return;
    const news = answer.ok ? await answer.json() : { words: "", ended: true };
    if (told.textContent !== news.words) told.textContent = news.words;
    if (news.ended) clearInterval(again);
  };
  const again = setInterval(ask, 10_000);
  ask();
})();
