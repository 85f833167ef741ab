using AuthServer.Data;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Data;

/// <summary>Faults that a test run by an administrator on a healthy disk cannot bring about for real.</summary>
public class DatabaseFaultTests
{
    private static readonly DataOptions Options = new() { ConnectionString = "Data Source=a.db" };

    [Theory]
    [InlineData(5, "is locked by another program")]
    [InlineData(8, "is read-only: make this file, those beside it (-wal, -shm) and their folder writable")]
    [InlineData(10, "the disk is full or failing")]
    [InlineData(11, "is not a readable SQLite database")]
    [InlineData(13, "the disk is full or failing")]
    [InlineData(14, "cannot be opened: make the file and its folder writable for this user")]
    [InlineData(26, "is not a readable SQLite database")]
    [InlineData(1, "cannot be used (SQLite error 1)")]
    public void Each_fault_has_its_sentence(int code, string words)
    {
        var fault = new InvalidOperationException("outer", new SqliteException("inner", code));

        var sentence = Databases.Of(Options).Explain(fault)!;

        Assert.Contains("'a.db'", sentence, StringComparison.Ordinal);
        Assert.Contains(words, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_the_database_has_none()
    {
        Assert.Null(Databases.Of(Options).Explain(new InvalidOperationException("a.db")));
    }
}
