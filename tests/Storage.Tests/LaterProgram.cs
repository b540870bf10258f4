using System.Reflection;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Internal;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>The databases of the coordinator of a year from now, which has one migration more: to it, what today's writes is an old ledger.</summary>
internal sealed class LaterProgram(LedgerPlace place) : IDbContextFactory<LedgerDbContext>
{
    private const string Id = "99990101000000_Weights";

    public LedgerDbContext CreateDbContext() => LedgerDatabases.Open(place, options => options.ReplaceService<IMigrationsAssembly, OneMore>());

    [Migration(Id)]
    private sealed class Weights : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.AddColumn<long>("Weight", "sites", nullable: false, defaultValue: 7L);
    }

    // There is no other way to have a migration that is not shipped.
    private sealed class OneMore(
        ICurrentDbContext current, IDbContextOptions options, IMigrationsIdGenerator ids, IDiagnosticsLogger<DbLoggerCategory.Migrations> log)
        : MigrationsAssembly(current, options, ids, log)
    {
        public override IReadOnlyDictionary<string, TypeInfo> Migrations =>
            new SortedDictionary<string, TypeInfo>(base.Migrations.ToDictionary(), StringComparer.Ordinal) { [Id] = typeof(Weights).GetTypeInfo() };
    }
}
