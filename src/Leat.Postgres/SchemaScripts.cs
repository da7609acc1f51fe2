namespace Leat.Postgres;

/// <summary>What makes the tables of each version from those of the version before. What was released is never changed.</summary>
internal static class SchemaScripts
{
    /// <summary>The scripts; the first makes version 1. <c>{s}</c> stands for the schema.</summary>
    public static IReadOnlyList<string> All { get; } = [First];

    // Times are ticks of 100 ns since the year 1, as a timestamp has only microseconds. A job's key is a digest of its name,
    // because an index takes no long names. In ledger_jobs 0 means none, and -1 as well.
    private const string First = """
        create table {s}.ledger_version (version integer not null);
        create unique index ledger_version_one on {s}.ledger_version ((true));
        insert into {s}.ledger_version values (0);

        create table {s}.ledger_graphs (
            graph integer generated always as identity primary key,
            name text collate "C" not null unique);

        create table {s}.ledger_leases (
            graph integer primary key,
            fence bigint not null,
            token uuid not null,
            until timestamptz not null,
            since bigint not null,
            process integer not null,
            machine text not null,
            user_name text not null,
            run text not null,
            command text not null,
            compacted bigint not null default 0);

        create table {s}.ledger_records (
            graph integer not null,
            number bigint not null,
            key uuid not null,
            kind smallint not null,
            attempts integer not null,
            started bigint not null,
            took bigint not null,
            job text collate "C" not null,
            run text collate "C" not null,
            machine text collate "C" not null,
            message text not null,
            state bytea not null,
            primary key (graph, number));
        create index ledger_records_by_job on {s}.ledger_records (graph, key, number);

        create table {s}.ledger_jobs (
            graph integer not null,
            key uuid not null,
            last bigint not null,
            good bigint not null,
            primary key (graph, key));

        create view {s}.history as
        select g.name as graph, r.number, r.job, r.run,
            case r.kind when 1 then 'succeeded' when 2 then 'failed' when 3 then 'accepted' when 4 then 'forgotten' end as kind,
            timestamptz '1970-01-01 00:00:00+00' + (r.started - 621355968000000000) / 10 * interval '1 microsecond' as started,
            r.took / 10000000.0 as seconds,
            r.attempts, r.machine, r.message, octet_length(r.state) as state_bytes
        from {s}.ledger_records r join {s}.ledger_graphs g using (graph);

        create view {s}.runs as
        select graph, run,
            min(started) as started,
            max(started + seconds * interval '1 second') as ended,
            count(*) filter (where kind = 'succeeded') as succeeded,
            count(*) filter (where kind = 'failed') as failed,
            sum(seconds) filter (where kind in ('succeeded', 'failed')) as busy_seconds,
            array_agg(distinct machine) as machines
        from {s}.history
        group by graph, run;

        create view {s}.jobs as
        select graph, job,
            count(*) filter (where kind in ('succeeded', 'failed')) as times,
            count(*) filter (where kind = 'failed') as failures,
            avg(seconds) filter (where kind = 'succeeded') as mean_seconds,
            max(seconds) filter (where kind = 'succeeded') as longest_seconds,
            (array_agg(kind order by number desc))[1] as last_kind,
            max(started) as last_started,
            (array_agg(machine order by number desc))[1] as last_machine
        from {s}.history
        group by graph, job;

        create view {s}.holders as
        select g.name as graph, l.run, l.machine, l.user_name, l.process, l.command,
            timestamptz '1970-01-01 00:00:00+00' + (l.since - 621355968000000000) / 10 * interval '1 microsecond' as since,
            l.until
        from {s}.ledger_leases l join {s}.ledger_graphs g using (graph)
        where l.until > clock_timestamp();
        """;
}
