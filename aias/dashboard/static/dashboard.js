// What pages need beyond htmx: an answer that is an error is shown, not dropped.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.status !== 401) {
    event.detail.shouldSwap = false;
    const place = document.getElementById("content");
    const note = document.createElement("p");
    note.className = "problem";
    note.setAttribute("role", "alert");
    note.textContent = `That did not work (${event.detail.xhr.status}). Load the page anew and try again.`;
    place.prepend(note);
  }
});
