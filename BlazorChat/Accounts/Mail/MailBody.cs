using System.Text;
using System.Text.Encodings.Web;
using BlazorChat.Data.Entities.Notifications;

namespace BlazorChat.Accounts.Mail;

/// <summary>Writes the body of a mail twice: as plain text, and as HTML with the same words.</summary>
internal sealed class MailBody
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _html = new();

    public MailBody AddText(object paragraph)
    {
        _text.Append(paragraph).Append("\n\n");
        _html.Append("<p>").Append(Encode(paragraph)).Append("</p>\n");
        return this;
    }

    /// <summary>Adds what somebody wrote.</summary>
    public MailBody AddQuote(object author, string words)
    {
        _text.Append(author).Append("\n> ").Append(words.Replace("\n", "\n> ", StringComparison.Ordinal)).Append("\n\n");
        _html.Append("<p><strong>").Append(Encode(author)).Append("</strong></p>\n<blockquote>").Append(Encode(words)).Append("</blockquote>\n");
        return this;
    }

    /// <summary>Adds a link.</summary>
    /// <param name="label">What it opens.</param>
    /// <param name="address">The absolute address.</param>
    public MailBody AddLink(object label, string address)
    {
        _text.Append(label).Append(":\n").Append(address).Append("\n\n");
        _html.Append("<p><a href=\"").Append(Encode(address)).Append("\">").Append(Encode(label)).Append("</a></p>\n");
        return this;
    }

    public MailContent ToContent(object subject)
    {
        var line = $"{subject}";
        return new MailContent(line[..Math.Min(line.Length, OutgoingMail.MaxSubjectLength)], _text.ToString().TrimEnd(), _html.ToString());
    }

    private static string Encode(object value) => HtmlEncoder.Default.Encode($"{value}");
}
