using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Tells a database that is in trouble from a defect of ours.</summary>
internal static class DatabaseFault
{
    /// <summary>
    /// Whether trying again may help: the database is away, was too slow, or decided against this one of two who wanted the
    /// same. A driver that has lost its connection also throws what has no type of its own,
    /// and one that does not find the host lets the network speak for itself.
    /// </summary>
    public static bool IsPassing(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException or DbUpdateException or SocketException or { Source: "Npgsql" })
            {
                return true;
            }
        }

        return false;
    }
}
