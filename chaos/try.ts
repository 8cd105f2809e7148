import { chaosFlood } from "./flood.ts";
const t=performance.now();
let last=0;
const r = await chaosFlood({messages: Number(process.argv[2]), alertWindowSeconds: Number(process.argv[3]), progress: (n)=>{ if(n!==last) console.error(((performance.now()-t)/1000).toFixed(1), n); last=n;}});
console.log(JSON.stringify({...r, alerts: r.alerts.map(a=>[a.kind,a.count,a.total])},null,1), (performance.now()-t)/1000);
process.exit();
