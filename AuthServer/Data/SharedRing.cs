using System.Xml.Linq;
using AuthServer.Data.Statements;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AuthServer.Data;

/// <summary>
/// The rows of the Data Protection ring, kept as they were at the last look: the framework asks for them at every start, in
/// the middle of a request, and waits by blocking. It adds to them through EF.
/// </summary>
internal sealed class SharedRing(IServiceProvider services, IStatements statements, ILoggerFactory loggers)
    : IXmlRepository
{
    private readonly EntityFrameworkCoreXmlRepository<AuthDb> _database = new(services, loggers);
    private volatile List<string>? _rows;
    private string? _mark;
    private int _stored;

    /// <summary>Whether nobody has made a key yet. Known after the first look.</summary>
    public bool IsEmpty => _rows is { Count: 0 };

    /// <summary>Looks for what others added: keys, revocations. One cheap question when there is nothing.</summary>
    /// <returns>Whether there was something.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancellation)
    {
        var mark = await statements.FirstAsync(KeyRows.RingMark, KeyRows.ReadRingMark, cancellation);
        if (Interlocked.Exchange(ref _mark, mark) == mark)
        {
            return false;
        }

        try
        {
            var stored = Volatile.Read(ref _stored);
            _rows = await statements.AllAsync(KeyRows.Ring, KeyRows.ReadRing, cancellation);
            if (Volatile.Read(ref _stored) != stored)
            {
                // What this instance has added meanwhile may not be among them.
                _rows = null;
            }

            return true;
        }
        catch
        {
            // Looked for again.
            _mark = null;
            throw;
        }
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        _rows is { } rows
            ? [.. rows.Where(row => row.Length > 0).Select(row => XElement.Parse(row))]
            : _database.GetAllElements();

    public void StoreElement(XElement element, string friendlyName)
    {
        _database.StoreElement(element, friendlyName);
        Interlocked.Increment(ref _stored);
        // What is asked before the next look is asked of the database.
        _rows = null;
    }
}
