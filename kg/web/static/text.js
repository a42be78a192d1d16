// The address of a passage (#char=3,9) leads to its words on the page of the article.
// A classic script: modules do not run in pages that are opened as files.
"use strict";

const link = document.getElementById("text");
const follow = () => {
  if (/^#char=[0-9]+,[0-9]+$/.test(location.hash)) location.replace(link.href + location.hash);
};
addEventListener("hashchange", follow);
follow();
