// Where the device keeps another time than the page, both are said (TM-38: whoever is abroad must not come an hour late).
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const offset = (zone) => new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).format(new Date());

for (const said of document.querySelectorAll("[data-zone]")) {
  if (offset(said.dataset.zone) !== offset(here)) said.append(` ${said.dataset.differs} ${here}.`);
}
