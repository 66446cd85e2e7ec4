"""Speech and talking faces over HTTP, while they are being made (extra ``serve``)."""
