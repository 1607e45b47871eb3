"""What stands on the drawn papers: marks, what only looks like them, and what offices write around them."""

from __future__ import annotations

from typing import Final

MARKS: Final = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")

HEADINGS: Final = (
    "MẬT ĐỘ XÂY DỰNG",
    "CAM KẾT BẢO MẬT",
    "QUY CHẾ BẢO MẬT THÔNG TIN",
    "MẬT KHẨU TRUY CẬP",
    "BÍ MẬT KINH DOANH",
    "THỎA THUẬN BẢO MẬT",
    "HỢP ĐỒNG MUA BÁN MẬT ONG",
    "MẬT ĐỘ DÂN SỐ",
    "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "MẬT MÃ DÂN SỰ",
    "CƠ MẬT VIỆN",
    "THÂN MẬT",
    "MẶT BẰNG HIỆN TRẠNG",
    "ỦY BAN MẶT TRẬN TỔ QUỐC",
    "GIẤY BÁO MẤT",
    "MẬT ĐỘ CÂY TRỒNG",
    "ĐƠN BÁO MẤT GIẤY TỜ",
    "XƯỞNG MẬT MÍA",
    "BAN MẬT VỤ",
    "DANH MỤC BÍ MẬT CÔNG TÁC",
)
NAMES: Final = (
    "NGUYỄN VĂN MẬT",
    "TRẦN THỊ MẬT",
    "LÊ MẬT",
    "PHẠM ĐỨC MẬT",
    "HOÀNG VĂN MẤT",
    "ÔNG MẬT",
    "TÔI LÀ MẬT",
    "CHÙA TÔ MẬT",
    "VÕ TỐI",
    "BÙI VĂN TUYỆT",
)
SENTENCES: Final = (
    "Mật độ xây dựng: 78%, hệ số sử dụng đất 2,1",
    "Mật độ xây dựng tối đa 70%; MẬT ĐỘ thực tế 64%",
    "bảo mật thông tin cá nhân theo quy định, MẬT KHẨU không được tiết lộ",
    "sản phẩm: MẬT ONG rừng nguyên chất, 12 chai",
    "cam kết BẢO MẬT thông tin của người nộp hồ sơ",
    "tuyệt đối giữ bí mật; tối mật hay mật đều không đưa vào máy",
    "người làm chứng: bà TRẦN THỊ MẬT, sinh năm 1958",
    "MẶT trước và mặt sau của giấy; MẤT trang thì báo ngay",
    "không gửi văn bản có độ MẬT, TỐI MẬT, TUYỆT MẬT qua mạng",
    "tên đăng nhập và mật khẩu được cấp một lần",
)
CELLS: Final = (
    "MẬT ĐỘ",
    "MẶT",
    "MẤT",
    "MÁT",
    "MẬT ONG",
    "Mật khẩu",
    "BẢO MẬT",
    "Mật độ",
    "TỐI",
    "TUYỆT",
    "MẬT MÍA",
    "ĐẠT",
)
OTHER_STAMPS: Final = (
    "HỎA TỐC",
    "KHẨN",
    "THƯỢNG KHẨN",
    "BẢN SAO",
    "SAO Y",
    "SAO Y BẢN CHÍNH",
    "BẢN CHÍNH",
    "ĐÃ THU TIỀN",
    "ĐÃ THANH TOÁN",
    "CÔNG VĂN ĐẾN",
    "ĐẾN",
    "ĐI",
    "ĐÃ KIỂM TRA",
    "HẾT HIỆU LỰC",
    "BẢO MẬT",
    "MẬT ĐỘ",
    "MIỄN PHÍ",
    "ĐÃ TIẾP NHẬN",
    "DỰ THẢO",
    "HỦY",
    "MẪU",
    "ĐẠT",
    "TRẢ TẬN TAY",
    "LƯU",
    "MỘT CỬA",
    "TỐI KHẨN",
    "TUYỆT ĐỐI",
    "TÀI LIỆU",
    "MAI",
    "NHẬP",
    "XUẤT",
    "BƯU ĐIỆN",
)
ALIKE: Final = (
    *("MÁY", "MAI", "MẪU", "MỘT", "MIỄN", "ĐẠT", "PHẠT", "CẬP NHẬT", "NHẬT", "THẬT", "VẬT", "TẬT"),
    *("BẢO MẬT", "BÍ MẬT", "CƠ MẬT", "MẬT ĐỘ", "MẬT MÃ", "MẬT ONG", "MẬT KHẨU", "TỐI KHẨN", "TỐI ĐA"),
    *("TUYỆT ĐỐI", "TUYỆT VỜI", "SAO Y", "BẢN CHÍNH", "MỘT CỬA", "ĐÃ NHẬN", "MẶT SAU", "TRÌNH MẶT"),
)
"""What other stamps may say that has the letters of a mark, or nearly."""
AGENCIES: Final = (
    ("UBND TỈNH HẢI LÂM", "SỞ NỘI VỤ"),
    ("ỦY BAN NHÂN DÂN", "PHƯỜNG TÂN HÒA"),
    ("ỦY BAN NHÂN DÂN", "XÃ TÂN ƯỚC"),
    ("CÔNG AN TỈNH HẢI LÂM", "PHÒNG HỒ SƠ"),
    ("SỞ XÂY DỰNG", "PHÒNG QUY HOẠCH"),
    ("BAN CHỈ HUY QUÂN SỰ", "PHƯỜNG TÂN HÒA"),
    ("HỢP TÁC XÃ NÔNG NGHIỆP", "ONG MẬT HẢI LÂM"),
    ("TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG"),
)
TITLES: Final = (
    "QUYẾT ĐỊNH",
    "THÔNG BÁO",
    "BÁO CÁO",
    "TỜ TRÌNH",
    "KẾ HOẠCH",
    "GIẤY PHÉP XÂY DỰNG",
    "BIÊN BẢN",
    "ĐƠN ĐỀ NGHỊ",
    "TỜ KHAI",
    "GIẤY MỜI",
    "HỢP ĐỒNG",
    "GIẤY XÁC NHẬN",
)
FIELDS: Final = (
    "Họ và tên",
    "Ngày sinh",
    "Số giấy tờ tùy thân",
    "Nơi cư trú",
    "Thửa đất số",
    "Nội dung đề nghị",
    "Kèm theo",
)
WRITTEN: Final = (
    "Nguyễn Văn An",
    "Trần Thị Mật",
    "12/5/1984",
    "thôn Đông",
    "phường Tân Hòa",
    "099175004461",
    "đổi mật khẩu",
)
NUMBERS: Final = ("QĐ-UBND", "TB-SNV", "BC-UBND", "CV-VP", "TTr-STP", "GPXD", "KH-UBND", "GM-UBND")
