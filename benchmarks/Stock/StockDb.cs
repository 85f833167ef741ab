using Microsoft.EntityFrameworkCore;

namespace Stock;

/// <summary>What the engine remembers, in a SQLite file: EF Core makes it with WAL, and SQLite syncs in full by default.</summary>
internal sealed class StockDb(DbContextOptions<StockDb> options) : DbContext(options)
{
    public const string Place = "Data Source=stock.db";
}
