using System.Text.Json;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>Every row of a table as text, sorted: equal where two databases hold the same.</summary>
internal static class Rows
{
    public static List<string> Of(LedgerDbContext database, Type table) =>
        (List<string>)typeof(Rows).GetMethod(nameof(Read), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(table).Invoke(null, [database])!;

    private static List<string> Read<T>(LedgerDbContext database) where T : class =>
        [.. database.Set<T>().AsNoTracking().AsEnumerable().Select(row => Text(database, row)).Order(StringComparer.Ordinal)];

    private static string Text(LedgerDbContext database, object row) =>
        string.Join(' ', database.Entry(row).Properties.Select(p => $"{p.Metadata.Name}={Value(p.CurrentValue)}"));

    private static string? Value(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DateTimeOffset at => at.ToString("O"),
        _ => JsonSerializer.Serialize(value?.ToString()),
    };
}
