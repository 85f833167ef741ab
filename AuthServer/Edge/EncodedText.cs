using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace AuthServer.Edge;

/// <summary>Judges percent-encoded text before anybody decodes it, for the decoder of the framework passes on what it cannot read.</summary>
internal static class EncodedText
{
    /// <summary>Whether a request target decodes to UTF-8 without NUL (RFC 3986 §2: it is ASCII as sent).</summary>
    public static bool IsClean(ReadOnlySpan<char> target)
    {
        if (!Ascii.IsValid(target))
        {
            return false;
        }

        if (!target.Contains('%'))
        {
            return !target.Contains('\0');
        }

        var bytes = ArrayPool<byte>.Shared.Rent(target.Length);
        Ascii.FromUtf16(target, bytes, out var written);
        var isClean = DecodesInPlace(bytes.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(bytes);
        return isClean;
    }

    /// <summary>Whether the body of a form decodes to UTF-8 without NUL.</summary>
    public static bool IsClean(in ReadOnlySequence<byte> form)
    {
        var length = (int)form.Length;
        // It may hold a password: cleared before somebody else rents it.
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        form.CopyTo(bytes);
        var isClean = DecodesInPlace(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        return isClean;
    }

    private static bool DecodesInPlace(Span<byte> text)
    {
        var written = 0;
        for (var read = 0; read < text.Length; read++, written++)
        {
            // A percent sign that starts no escape stands for itself.
            var isEscape =
                text[read] == '%'
                && read + 2 < text.Length
                && Convert.FromHexString(text.Slice(read + 1, 2), text[written..], out _, out _)
                    == OperationStatus.Done;
            if (isEscape)
            {
                read += 2;
            }
            else
            {
                text[written] = text[read];
            }
        }

        var decoded = text[..written];
        return !decoded.Contains((byte)0) && Utf8.IsValid(decoded);
    }
}
