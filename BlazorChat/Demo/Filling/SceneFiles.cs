using System.Globalization;
using System.Text;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Data.Entities;
using BlazorChat.Demo.Drawing;
using BlazorChat.Demo.Team;

namespace BlazorChat.Demo.Filling;

/// <summary>Uploads the files that the scenes name.</summary>
internal sealed class SceneFiles(AttachmentUploads uploads)
{
    /// <returns>The id of the attachment, not sent yet.</returns>
    /// <exception cref="InvalidDataException">The demo has no such file.</exception>
    public async Task<Guid> UploadAsync(CastMember person, AttachmentOwner owner, int ownerId, string name, CancellationToken cancellationToken)
    {
        var bytes = Make(name);
        using var content = new MemoryStream(bytes);
        var upload = new Upload(Guid.NewGuid(), owner, ownerId, name, bytes.Length);
        return (await uploads.ReceiveAsync(person.Principal, upload, content, cancellationToken)).Id;
    }

    private static byte[] Make(string name) => name switch
    {
        "harbor-at-six.png" => Drawings.Harbor(),
        "readers-per-day.png" => Drawings.Chart(),
        "finish-times.csv" => Encoding.UTF8.GetBytes(
            "place,boat,skipper,time\n1,Windhover,L. Brandt,1:42:07\n2,Little Auk,I. Moreau,1:42:31\n3,Saltmarsh,P. Quinn,1:44:50\n"),
        "course-map.pdf" => Pdf("Harbor Regatta: start at the pier, round the lighthouse, finish at the old ferry dock"),
        _ => throw new InvalidDataException($"The demo has no file {name}."),
    };

    /// <summary>One page with a line of text.</summary>
    private static byte[] Pdf(string text)
    {
        var page = $"BT /F1 14 Tf 40 780 Td ({text}) Tj ET";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {page.Length} >>\nstream\n{page}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        List<int> offsets = [];
        foreach (var (index, body) in objects.Index())
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{body}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
