using System.Buffers.Binary;
using System.Text;

namespace AuthServer.Tests.Support;

/// <summary>Reads protobuf messages by the numbers of their fields, as much as a test needs.</summary>
internal static class Protobuf
{
    /// <summary>The messages, strings or bytes of a field.</summary>
    public static IEnumerable<byte[]> Messages(byte[] message, int field) =>
        Fields(message)
            .Where(read => read.Field == field && read.Bytes is not null)
            .Select(read => read.Bytes!);

    /// <summary>The first string of a field; empty when there is none.</summary>
    public static string Text(byte[] message, int field) =>
        Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault() ?? []);

    /// <summary>The numbers of a field.</summary>
    public static IEnumerable<ulong> Numbers(byte[] message, int field) =>
        Fields(message).Where(read => read.Field == field && read.Bytes is null).Select(read => read.Number);

    private static List<(int Field, ulong Number, byte[]? Bytes)> Fields(byte[] message)
    {
        List<(int, ulong, byte[]?)> fields = [];
        var rest = message.AsSpan();
        while (!rest.IsEmpty)
        {
            var tag = Varint(ref rest);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((field, Varint(ref rest), null));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(rest), null));
                    rest = rest[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref rest);
                    fields.Add((field, 0, rest[..length].ToArray()));
                    rest = rest[length..];
                    break;
                default:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(rest), null));
                    rest = rest[4..];
                    break;
            }
        }

        return fields;
    }

    private static ulong Varint(ref Span<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = rest[0];
            rest = rest[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
