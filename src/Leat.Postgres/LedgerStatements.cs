namespace Leat.Postgres;

/// <summary>What is said to the server, for one schema.</summary>
internal sealed class LedgerStatements(string schema)
{
    private readonly string s = $"\"{schema}\"";

    /// <summary>The number of a graph. Name.</summary>
    public string Graph => $"select graph from {s}.ledger_graphs where name = $1";

    /// <summary>Name.</summary>
    public string AddGraph => $"insert into {s}.ledger_graphs (name) values ($1) on conflict do nothing";

    /// <summary>
    /// Takes the lease if nobody has it, and gives its new number. Who asks again because the answer was lost gets it again.
    /// Graph, token, time of the lease, since, process, machine, user, run, command.
    /// </summary>
    public string Take => $"""
        insert into {s}.ledger_leases as l (graph, fence, token, until, since, process, machine, user_name, run, command)
        values ($1, 1, $2, clock_timestamp() + $3, $4, $5, $6, $7, $8, $9)
        on conflict (graph) do update set fence = l.fence + 1, token = excluded.token, until = clock_timestamp() + $3, since = excluded.since,
            process = excluded.process, machine = excluded.machine, user_name = excluded.user_name, run = excluded.run, command = excluded.command
        where l.until < clock_timestamp() or l.token = excluded.token
        returning fence
        """;

    /// <summary>Graph, fence, time of the lease.</summary>
    public string Renew => $"update {s}.ledger_leases set until = clock_timestamp() + $3 where graph = $1 and fence = $2";

    /// <summary>Graph, fence.</summary>
    public string Release => $"update {s}.ledger_leases set until = '-infinity' where graph = $1 and fence = $2";

    /// <summary>Graph.</summary>
    public string Holder => $"select process, machine, user_name, since, run, command from {s}.ledger_leases where graph = $1";

    /// <summary>
    /// Appends records, all or none, and gives 1; or 0 if the lease is another's. The lock on the lease makes a run that takes it over wait,
    /// and a statement of this run that is still under way on a lost connection go first. Done twice it comes to the same.
    /// Graph, fence, number before the first, ten arrays of the records, three of the jobs.
    /// </summary>
    public string Append => $"""
        with lease as materialized (
            select from {s}.ledger_leases where graph = $1 and fence = $2 for no key update),
        added as (
            insert into {s}.ledger_records (graph, number, key, kind, attempts, started, took, job, run, machine, message, state)
            select $1, $3 + u.place, u.key, u.kind, u.attempts, u.started, u.took, u.job, u.run, u.machine, u.message, u.state
            from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13) with ordinality
                as u(key, kind, attempts, started, took, job, run, machine, message, state, place)
            where exists (select from lease)
            on conflict (graph, number) do nothing),
        told as (
            insert into {s}.ledger_jobs as j (graph, key, last, good)
            select $1, u.key, u.last, u.good from unnest($14, $15, $16) as u(key, last, good)
            where exists (select from lease)
            on conflict (graph, key) do update set last = excluded.last, good = case when excluded.good = -1 then j.good else excluded.good end)
        select count(*) from lease
        """;

    /// <summary>The records of a job, the newest first. Graph, key, highest number.</summary>
    public string History => $"""
        select kind, attempts, started, took, job, run, machine, message, state from {s}.ledger_records
        where graph = $1 and key = $2 and number <= $3 order by number desc
        """;

    /// <summary>The number of the last record, and that at the last compaction. Graph.</summary>
    public string Numbers => $"""
        select coalesce((select max(number) from {s}.ledger_records where graph = $1), 0), coalesce((select compacted from {s}.ledger_leases where graph = $1), 0)
        """;

    /// <summary>Graph.</summary>
    public string CountJobs => $"select count(*) from {s}.ledger_jobs where graph = $1";

    /// <summary>
    /// Drops what is old, and notes that. The lock on the lease keeps another run out until it is done. Graph, fence, how many of each job stay, number of the last record.
    /// </summary>
    public string Compact => $"""
        with lease as materialized (
            update {s}.ledger_leases set compacted = $4 where graph = $1 and fence = $2 returning 1),
        old as (
            select o.number from (
                select number, key, row_number() over (partition by key order by number desc) as place from {s}.ledger_records where graph = $1) o
            where o.place > $3 and not exists (
                select from {s}.ledger_jobs j where j.graph = $1 and j.key = o.key and o.number in (j.last, j.good))),
        dropped as (
            delete from {s}.ledger_records r using old where r.graph = $1 and r.number = old.number and exists (select from lease))
        select count(*) from lease
        """;

    /// <summary>The last records of all jobs and the last good ones, as <see cref="RecordImage"/> reads them. Graph.</summary>
    public string Load
    {
        get
        {
            const string Fields = """
                int2send(r.kind) || int4send(r.attempts) || int8send(r.started) || int8send(r.took)
                || int4send(octet_length(r.job)) || convert_to(r.job, 'UTF8') || int4send(octet_length(r.run)) || convert_to(r.run, 'UTF8')
                || int4send(octet_length(r.machine)) || convert_to(r.machine, 'UTF8') || int4send(octet_length(r.message)) || convert_to(r.message, 'UTF8')
                || r.state
                """;
            return $"""
                select int2send(case when j.good = j.last then 3 else 1 end::smallint) || {Fields}
                from {s}.ledger_jobs j join {s}.ledger_records r on r.graph = j.graph and r.number = j.last
                where j.graph = $1 and j.last > 0
                union all
                select int2send(2::smallint) || {Fields}
                from {s}.ledger_jobs j join {s}.ledger_records r on r.graph = j.graph and r.number = j.good
                where j.graph = $1 and j.good > 0 and j.good <> j.last
                """;
        }
    }
}
