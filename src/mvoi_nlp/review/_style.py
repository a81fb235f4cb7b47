BLUE, GREEN, RED = "#154273", "#1d7044", "#a4312a"
STYLE = """
:root { --ink: #1c2733; --soft: #5a6775; --line: #dbe1e8; --paper: #fff; --ground: #f3f5f8; --blue: #154273;
        --yes: #1d7044; --mark: #fff3c2; --trigger: #ffd95c; }
body { background: var(--ground); color: var(--ink); font-family: system-ui, "Segoe UI", Roboto, sans-serif; }
.nicegui-content { padding: 0; gap: 0; align-items: stretch; }
.rv { height: 100vh; display: flex; flex-direction: column; overflow: hidden; }
.rv-top { background: var(--blue); color: #fff; display: flex; align-items: center; gap: 4px; padding: 0 24px;
          height: 46px; flex: none; }
.rv-top .name { font-weight: 600; margin-right: 20px; }
.rv-top .tab { color: #fff; opacity: .75; border-radius: 0; height: 46px; }
.rv-top .tab.on { opacity: 1; box-shadow: inset 0 -3px #fff; }
.rv-top .who { margin-left: auto; font-size: 13px; opacity: .9; }
.rv-progress { flex: none; background: var(--paper); border-bottom: 1px solid var(--line); padding: 8px 24px;
               display: flex; align-items: center; gap: 18px; font-size: 13px; color: var(--soft); }
.rv-progress .bar { width: 200px; height: 6px; border-radius: 3px; background: var(--line); overflow: hidden; }
.rv-progress .bar > div { height: 100%; background: var(--yes); }
.rv-progress b { color: var(--ink); font-weight: 600; }
.rv-main { flex: 1; min-height: 0; display: flex; flex-direction: column; padding: 14px 24px 10px; gap: 8px;
           width: 100%; max-width: 1320px; margin: 0 auto; }
.rv-where { font-size: 13px; color: var(--soft); display: flex; gap: 14px; flex-wrap: wrap; }
.rv-question { font-size: 22px; line-height: 1.25; font-weight: 400; margin: 0; }
.rv-question strong { font-weight: 700; color: var(--blue); }
.rv-definition { font-size: 14px; line-height: 1.4; color: var(--soft); max-width: 135ch;
                 display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.rv-earlier { font-size: 14px; background: #e8eef6; border-left: 4px solid var(--blue); padding: 6px 12px; }
.rv-warning { font-size: 14px; background: #fdf0e3; border-left: 4px solid #b45f06; padding: 6px 12px; }
.rv-quotes { flex: 1; min-height: 0; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr);
             gap: 14px; }
.rv-quote { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px;
            overflow-y: auto; cursor: zoom-in; max-height: 100%; align-self: start; }
.rv-quotes.one .rv-quote { max-width: 900px; }
.rv-quote .place { font-size: 12.5px; color: var(--soft); margin-bottom: 6px; }
.rv-quote .elsewhere, .rv-wide .elsewhere { font-size: 12.5px; color: #8a4b00; margin-bottom: 6px; }
.rv-quote .place b { color: var(--ink); }
.rv-quote p, .rv-wide p { margin: 0 0 6px; font-size: 14px; line-height: 1.42; color: var(--soft);
            overflow-wrap: anywhere; white-space: pre-line; }
.rv-quote p.hit, .rv-wide p.hit { color: var(--ink); background: var(--mark); font-size: 15px; padding: 5px 8px;
            margin: 2px -8px 9px; border-radius: 4px; }
.rv p.heading, .rv-wide p.heading { font-weight: 600; }
.rv-quote mark, .rv-wide mark { background: var(--trigger); color: inherit; border-radius: 2px; padding: 0 1px; }
.rv-none { color: var(--soft); padding: 24px 0; font-size: 15px; }
.rv-actions { flex: none; background: var(--paper); border-top: 1px solid var(--line); padding: 10px 24px; }
.rv-actions .row { max-width: 1272px; width: 100%; margin: 0 auto; display: flex; align-items: center; gap: 10px;
                   flex-wrap: nowrap; }
.rv-actions .q-btn { min-height: 42px; border-radius: 6px; }
.rv-actions .answer { min-width: 120px; color: #fff; }
.rv-actions .q-btn .q-btn__content { gap: 8px; flex-wrap: nowrap; }
.rv kbd, .rv-wide kbd { font: 600 12px/1 ui-monospace, monospace; border: 1px solid currentColor; border-radius: 4px;
            padding: 3px 6px; opacity: .8; }
.rv-actions .note { flex: 1; min-width: 120px; }
.rv-end { max-width: 620px; margin: 7vh auto 0; background: var(--paper); border: 1px solid var(--line);
          border-radius: 8px; padding: 28px 36px; font-size: 16px; line-height: 1.55; }
.rv-end h2 { font-size: 26px; line-height: 1.2; margin: 0 0 10px; font-weight: 600; color: var(--yes); }
.rv-end code { background: var(--ground); padding: 3px 8px; border-radius: 4px; font-size: 15px; }
.rv-filters { display: flex; gap: 12px; align-items: center; flex-wrap: nowrap; }
.rv-filters .q-field { background: var(--paper); }
.rv-table { flex: 1; min-height: 0; }
.rv-table tbody tr { cursor: pointer; }
.rv-table .q-table td, .rv-table .q-table th { font-size: 14px; }
.rv-wide { max-width: 860px !important; width: 860px; max-height: 84vh; padding: 22px 28px; }
.rv-wide h3 { font-size: 18px; line-height: 1.3; margin: 0 0 2px; font-weight: 600; }
.rv-keys { display: grid; grid-template-columns: auto 1fr; gap: 7px 14px; font-size: 14.5px; align-items: center; }
.rv-keys.two { grid-template-columns: auto 1fr auto 1.3fr; }
.rv-wide { gap: 8px !important; }
.rv-keys kbd { justify-self: start; }
"""
