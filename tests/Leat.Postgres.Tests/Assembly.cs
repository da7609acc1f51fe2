using Leat.Postgres.Tests;

[assembly: AssemblyFixture(typeof(PostgresServer))]
