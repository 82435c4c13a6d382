-- aias_private.help_texts: what each page tells in each state, and what the next actions are called.
--
-- State   empty: whatever the state. The page next-action holds the proposals of aias.next_actions: {detail} is what it is about.
-- A text without its other language is refused by tests/onboarding/test_guidance.py. What an installation changes in the table is
-- written over by the next change of this file.
delete from aias_private.help_texts;
insert into aias_private.help_texts (page, state, language, title, body)
values
(
    'next-action', 'reconnect_integration', 'en', 'Connect it again',
    'The connection {detail} does not work: what needs it fails or waits.'
),
(
    'next-action', 'reconnect_integration', 'de', 'Neu verbinden',
    'Die Verbindung {detail} funktioniert nicht: Was sie braucht, schlägt fehl oder wartet.'
),
(
    'next-action', 'settle_dead_letters', 'en', 'Look at what gave up',
    '{detail} executions or jobs gave up and wait for a decision: retry or discard them.'
),
(
    'next-action', 'settle_dead_letters', 'de', 'Aufgegebenes ansehen',
    '{detail} Ausführungen oder Aufträge haben aufgegeben und warten auf eine Entscheidung: wiederholen oder verwerfen.'
),
(
    'next-action', 'change_plan', 'en', 'Look at your usage',
    'Most of what the plan includes per month of {detail} is used up.'
),
(
    'next-action', 'change_plan', 'de', 'Verbrauch ansehen',
    'Das Kontingent des Tarifs pro Monat ist fast verbraucht: {detail}.'
),
(
    'next-action', 'run_sample', 'en', 'Run a sample',
    '{detail} runs at once, against local servers: nothing of yours is touched and nothing is counted.'
),
(
    'next-action', 'run_sample', 'de', 'Ein Beispiel ausführen',
    '{detail} läuft sofort, gegen lokale Server: Nichts von Ihnen wird berührt und nichts wird gezählt.'
),
(
    'next-action', 'connect_integration', 'en', 'Connect a service',
    'Workflows work on your shop, your books or your mail: none of them is connected yet.'
),
(
    'next-action', 'connect_integration', 'de', 'Einen Dienst verbinden',
    'Workflows arbeiten mit Ihrem Shop, Ihrer Buchhaltung oder Ihrer Mail: Noch ist nichts davon verbunden.'
),
(
    'next-action', 'apply_workflow', 'en', 'Make your first workflow',
    'A service is connected and nothing works on it yet: a template is the shortest way.'
),
(
    'next-action', 'apply_workflow', 'de', 'Den ersten Workflow anlegen',
    'Ein Dienst ist verbunden, aber nichts arbeitet damit: Eine Vorlage ist der kürzeste Weg.'
),
(
    'next-action', 'run_workflow', 'en', 'Run your workflow',
    'It is there and has never run.'
),
(
    'next-action', 'run_workflow', 'de', 'Den Workflow ausführen',
    'Er ist da und ist noch nie gelaufen.'
),
(
    'next-action', 'look_at_failures', 'en', 'See why it failed',
    'Your workflow has run and has not succeeded yet.'
),
(
    'next-action', 'look_at_failures', 'de', 'Den Fehler ansehen',
    'Ihr Workflow ist gelaufen, aber noch nicht erfolgreich.'
),
(
    'next-action', 'automate', 'en', 'Let it run by itself',
    'You start your workflow by hand: a schedule, a webhook or an event can do that.'
),
(
    'next-action', 'automate', 'de', 'Von selbst laufen lassen',
    'Sie starten den Workflow von Hand: Ein Zeitplan, ein Webhook oder ein Ereignis kann das übernehmen.'
),
(
    'next-action', 'invite_colleague', 'en', 'Invite a colleague',
    'You are alone here: nobody else sees when something fails.'
),
(
    'next-action', 'invite_colleague', 'de', 'Jemanden einladen',
    'Sie sind hier allein: Niemand sonst sieht, wenn etwas fehlschlägt.'
),
(
    'next-action', 'remove_samples', 'en', 'Remove the samples',
    'Your own workflows work: the samples are no longer needed.'
),
(
    'next-action', 'remove_samples', 'de', 'Die Beispiele entfernen',
    'Ihre eigenen Workflows laufen: Die Beispiele werden nicht mehr gebraucht.'
),
(
    'next-action', 'look_at_executions', 'en', 'Look at what runs',
    'Nothing needs you now: this is what your workflows did last.'
),
(
    'next-action', 'look_at_executions', 'de', 'Ansehen, was läuft',
    'Nichts braucht Sie gerade: Das haben Ihre Workflows zuletzt getan.'
),
(
    'integrations', '', 'en', 'Connections',
    'A connection is what a workflow reaches a service through. Its credentials are sealed and never shown again.'
),
(
    'integrations', '', 'de', 'Verbindungen',
    'Über eine Verbindung erreicht ein Workflow einen Dienst. Ihre Zugangsdaten sind versiegelt und werden nie wieder gezeigt.'
),
(
    'integrations', 'empty', 'en', 'Nothing is connected',
    'Connect your shop, your books, your chat or your mail; the credentials are tried before they are stored.'
),
(
    'integrations', 'empty', 'de', 'Noch nichts verbunden',
    'Verbinden Sie Shop, Buchhaltung, Chat oder Mail; die Zugangsdaten werden geprüft, bevor sie gespeichert werden.'
),
(
    'integrations', 'failing', 'en', 'A connection fails',
    'The last check found it broken. Connecting it again keeps its name: no workflow has to be changed.'
),
(
    'integrations', 'failing', 'de', 'Eine Verbindung ist gestört',
    'Die letzte Prüfung schlug fehl. Beim neuen Verbinden bleibt der Name: Kein Workflow muss geändert werden.'
),
(
    'workflows', '', 'en', 'Workflows',
    'A workflow says what happens and in which order. Applying it again makes a new version; what runs keeps its own.'
),
(
    'workflows', '', 'de', 'Workflows',
    'Ein Workflow sagt, was in welcher Reihenfolge geschieht. Neu angewendet entsteht eine neue Version; was läuft, behält seine.'
),
(
    'workflows', 'empty', 'en', 'No workflow yet',
    'Start from a template, or run a sample to see how one works.'
),
(
    'workflows', 'empty', 'de', 'Noch kein Workflow',
    'Beginnen Sie mit einer Vorlage, oder führen Sie ein Beispiel aus.'
),
(
    'workflows', 'sample', 'en', 'This is a sample',
    'It runs against local servers with demo data. Nothing of it is counted; it goes when you remove the samples.'
),
(
    'workflows', 'sample', 'de', 'Dies ist ein Beispiel',
    'Es läuft mit Demodaten gegen lokale Server. Nichts davon wird gezählt; es verschwindet mit den Beispielen.'
),
(
    'executions', '', 'en', 'Executions',
    'An execution is one run of a workflow. Each step is kept: after a crash it goes on where it was.'
),
(
    'executions', '', 'de', 'Ausführungen',
    'Eine Ausführung ist ein Lauf eines Workflows. Jeder Schritt ist gesichert: Nach einem Absturz geht es dort weiter.'
),
(
    'executions', 'empty', 'en', 'Nothing has run',
    'Run a workflow, or let a schedule, a webhook or an event start it.'
),
(
    'executions', 'empty', 'de', 'Noch nichts gelaufen',
    'Führen Sie einen Workflow aus, oder lassen Sie ihn von Zeitplan, Webhook oder Ereignis starten.'
),
(
    'executions', 'failed', 'en', 'It failed',
    'The step that failed says why. A retry goes on from there: what succeeded is not run again.'
),
(
    'executions', 'failed', 'de', 'Fehlgeschlagen',
    'Der fehlgeschlagene Schritt sagt warum. Ein neuer Versuch setzt dort an: Was gelang, läuft nicht noch einmal.'
),
(
    'executions', 'waiting', 'en', 'It waits',
    'For a time, an event, an approval or an upstream. The explanation says for what and until when.'
),
(
    'executions', 'waiting', 'de', 'Sie wartet',
    'Auf eine Zeit, ein Ereignis, eine Freigabe oder einen Dienst. Die Erklärung sagt worauf und bis wann.'
),
(
    'dead-letters', '', 'en', 'Dead letters',
    'What gave up is kept whole until somebody decides: retry it or discard it, with a reason.'
),
(
    'dead-letters', '', 'de', 'Aufgegebenes',
    'Was aufgegeben hat, bleibt ganz erhalten, bis jemand entscheidet: wiederholen oder mit Grund verwerfen.'
),
(
    'dead-letters', 'empty', 'en', 'Nothing gave up',
    'What fails for good appears here.'
),
(
    'dead-letters', 'empty', 'de', 'Nichts aufgegeben',
    'Was endgültig fehlschlägt, erscheint hier.'
),
(
    'usage', '', 'en', 'Usage',
    'What the plan includes per month and what is used of it. Samples count nowhere.'
),
(
    'usage', '', 'de', 'Verbrauch',
    'Was der Tarif pro Monat enthält und was davon verbraucht ist. Beispiele zählen nirgends.'
),
(
    'usage', 'near', 'en', 'Nearly used up',
    'More than 80 % of a quota is used. A larger plan applies at once.'
),
(
    'usage', 'near', 'de', 'Fast verbraucht',
    'Mehr als 80 % eines Kontingents sind verbraucht. Ein größerer Tarif gilt sofort.'
);
