namespace AuthServer.Mail;

/// <summary>One letter to one person, in plain text.</summary>
/// <param name="To">An address that its feature has checked: no line break can be in it.</param>
/// <param name="Subject">Our own words, never a person's.</param>
/// <param name="Text">The whole letter, with the link in it.</param>
/// <param name="Link">The link again, for the log of a developer; null when the letter has none.</param>
internal sealed record Letter(string To, string Subject, string Text, string? Link = null);
