// A passkey that was asked for and not given: the dialogue was closed, the device knows none, the network was lost.
// allauth only writes that to the console; here the page says so, above everything else.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("main > [data-no-passkey]")?.remove();
  const told = document.getElementById("no-passkey").content.firstElementChild.cloneNode(true);
  told.dataset.noPasskey = "";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  document.querySelector("main").prepend(told);
  told.focus();
});
