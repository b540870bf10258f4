using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>An instant is its UTC ticks: it sorts in SQLite, and PostgreSQL does not round it to microseconds.</summary>
internal sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(instant => instant.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
